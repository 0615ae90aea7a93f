# Shared by script/server and script/test: the virtual environment, the locked packages, the translations.
# Sourced, not run; the working directory is the repository's root.

say() { printf '%s\n' "$*" >&2; }

# install_environment LOCK: make .venv and install LOCK, unless exactly that is there already.
install_environment() {
    local lock=$1 python=${PYTHON:-python3} wanted
    if [ ! -x .venv/bin/python ]; then
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
            say "Switchboard needs Python 3.11 or newer; $python is $("$python" --version 2>&1). Set PYTHON to another."
            exit 1
        }
        say "Making .venv ..."
        "$python" -m venv .venv
    fi
    wanted=$(.venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$lock")
    grep -qsx "$wanted" .venv/installed-locks && return
    say "Installing the packages of $lock ..."
    : >.venv/installed-locks
    if ! { command -v uv >/dev/null && uv pip install -q --python .venv/bin/python --require-hashes --no-deps -r "$lock"; }; then
        .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r "$lock"
    fi
    printf '%s\n' "$wanted" >.venv/installed-locks
    # The development lock contains the other one.
    [ "$lock" != requirements-dev.lock ] || sha256sum requirements.lock | cut -d' ' -f1 >>.venv/installed-locks
}

# compile_translations: the compiled catalogues are not kept in the repository.
compile_translations() {
    [ -d translations ] || return 0
    .venv/bin/pybabel -q compile -d translations
}
