"""The embedded PostgreSQL: it starts, attaches, survives and ends as its module says."""

import os
import pwd
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from portal.kit import embedded_place
from portal.kit.embedded import EmbeddedServer, address, ensure_roles_and_database
from portal.kit.embedded_place import EmbeddedError
from tests.database import temporary_server

ROOT = Path(__file__).resolve().parents[3]
FAST = {"fsync": "off"}


def one(server: EmbeddedServer, query: str, database: str = "postgres", role: str = "postgres") -> object:
    with server.connect(role, database) as connection:
        return connection.execute(query).fetchone()[0]


def ended(pid: int, within: float = 10) -> bool:
    """Whether a process is gone, or only waits to be reaped."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def child(source: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """Another Python process that has the portal on its path."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(source), *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


class TestStart:
    def test_data_is_there_again_after_a_restart(self, open_directory):
        with EmbeddedServer.start(open_directory / "pg", settings=FAST) as server, server.connect() as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        with EmbeddedServer.start(open_directory / "pg", settings=FAST) as server:
            assert one(server, "SELECT answer FROM kept") == 42

    def test_settings_reach_the_server(self, open_directory):
        with EmbeddedServer.start(open_directory / "pg", settings={"max_connections": "17"}) as server:
            assert one(server, "SHOW max_connections") == "17"

    def test_text_sorts_and_folds_alike_on_every_machine(self, open_directory, monkeypatch):
        monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")  # which this machine need not have
        with EmbeddedServer.start(open_directory / "pg", settings=FAST) as server:
            assert one(server, "SELECT datlocale FROM pg_database WHERE datname = 'postgres'") == "C.UTF-8"
            assert one(server, "SELECT upper('zürich')") == "ZÜRICH"

    def test_a_space_in_the_path_is_no_trouble(self, open_directory):
        with EmbeddedServer.start(open_directory / "my data" / "pg", settings=FAST) as server:
            ensure_roles_and_database(server)
            engine = create_engine(server.url("portal_app"), poolclass=NullPool)
            with engine.connect() as connection:
                assert connection.execute(text("SELECT current_user")).scalar_one() == "portal_app"

    def test_a_long_path_moves_the_socket_to_a_private_directory(self, open_directory):
        data = open_directory / ("long" * 30) / "pg"
        with EmbeddedServer.start(data, settings=FAST) as server:
            assert server.socket_dir != server.data_dir
            assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
            assert one(server, "SELECT 1") == 1
        server.socket_dir.rmdir()

    def test_a_socket_directory_laid_out_by_somebody_else_is_refused(self, open_directory):
        data = open_directory / ("long" * 30) / "pg"
        trap = embedded_place.place_for(data).socket_dir
        trap.mkdir()
        trap.chmod(0o777)
        try:
            with pytest.raises(EmbeddedError, match="belongs to somebody else"):
                EmbeddedServer.start(data, settings=FAST)
        finally:
            trap.rmdir()

    def test_a_directory_with_other_content_is_refused_and_left_alone(self, open_directory):
        (open_directory / "pg").mkdir()
        (open_directory / "pg" / "letter.txt").write_text("dear friend")
        with pytest.raises(EmbeddedError, match="not PostgreSQL data"):
            EmbeddedServer.start(open_directory / "pg", settings=FAST)
        assert (open_directory / "pg" / "letter.txt").read_text() == "dear friend"

    def test_a_setting_the_server_refuses_is_told_with_its_own_words(self, open_directory):
        with pytest.raises(EmbeddedError, match="no_such_setting"):
            EmbeddedServer.start(open_directory / "pg", settings={"no_such_setting": "on"})

    def test_data_of_another_version_is_refused(self, open_directory):
        with EmbeddedServer.start(open_directory / "pg", settings=FAST) as server:
            version = server.data_dir / "PG_VERSION"
        version.write_text("12\n")
        with pytest.raises(EmbeddedError, match="is of PostgreSQL 12"):
            EmbeddedServer.start(open_directory / "pg", settings=FAST)

    def test_permissions_of_existing_directories_stay(self, open_directory):
        parent = open_directory / "private"
        parent.mkdir(mode=0o751)
        EmbeddedServer.start(parent / "pg", settings=FAST).stop()
        assert stat.S_IMODE(parent.stat().st_mode) == 0o751


class TestWhoMayConnect:
    def test_it_listens_on_no_network_address(self, open_directory):
        with EmbeddedServer.start(open_directory / "pg", settings=FAST) as server:
            assert one(server, "SHOW listen_addresses") == ""


if os.geteuid() == 0:  # both need to be, or to become, another user

    class TestAsRoot:
        def test_root_keeps_data_elsewhere_when_nobody_may_not_pass(self, open_directory, monkeypatch):
            own = open_directory / "own"
            monkeypatch.setattr(embedded_place, "OWN_PLACES", (own,))
            private = open_directory / "private"
            private.mkdir(mode=0o700)
            with EmbeddedServer.start(private / "pg", settings=FAST) as server:
                assert server.data_dir.parent == own
                assert one(server, "SELECT 1") == 1
                assert address(private / "pg", "postgres", "postgres") == server.url("postgres", "postgres")
            private.chmod(0o755)  # opening the way later must not hide the data
            assert embedded_place.place_for(private / "pg").data == server.data_dir

        def test_another_user_of_the_machine_is_turned_away(self, open_directory):
            with EmbeddedServer.start(open_directory / "pg", settings=FAST) as server:
                os.seteuid(pwd.getpwnam("daemon").pw_uid)
                try:
                    with pytest.raises(psycopg.OperationalError, match="Permission denied"):
                        server.connect()
                    os.seteuid(0)
                    server.socket_dir.chmod(0o711)  # even who gets as far as the socket
                    os.seteuid(pwd.getpwnam("daemon").pw_uid)
                    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
                        server.connect()
                finally:
                    os.seteuid(0)


class TestAttach:
    def test_a_second_start_attaches_and_does_not_stop_the_first(self, open_directory):
        with EmbeddedServer.start(open_directory / "pg", settings=FAST) as first:
            with EmbeddedServer.start(open_directory / "pg") as second:
                assert first.owned and not second.owned
                assert first.url("portal_app") == second.url("portal_app")
            assert one(first, "SELECT 1") == 1

    def test_two_processes_at_once_share_one_server(self, open_directory):
        source = """
            import sys
            from portal.kit.embedded import EmbeddedServer
            with EmbeddedServer.start(sys.argv[1]) as server:
                print(server.owned, flush=True)
                sys.stdin.read()
        """
        both = [
            subprocess.Popen(
                [sys.executable, "-c", textwrap.dedent(source), str(open_directory / "pg")],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        assert sorted(process.stdout.readline().strip() for process in both) == ["False", "True"]
        for process in both:
            process.communicate("", timeout=30)

    def test_the_note_of_a_dead_server_does_not_stop_a_new_one(self, open_directory):
        with EmbeddedServer.start(open_directory / "pg", settings=FAST) as server:
            note = (server.data_dir / "postmaster.pid").read_text().splitlines()
        sleeper = subprocess.Popen(["sleep", "60"])  # a living process, but no PostgreSQL
        try:
            (server.data_dir / "postmaster.pid").write_text("\n".join([str(sleeper.pid), *note[1:]]))
            with EmbeddedServer.start(open_directory / "pg", settings=FAST) as again:
                assert again.owned
        finally:
            sleeper.kill()
            sleeper.wait()


class TestEnd:
    @pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
    def test_it_ends_with_its_parent(self, open_directory, how):
        parent = child(
            """
            import sys, time
            from portal.kit.embedded import EmbeddedServer
            server = EmbeddedServer.start(sys.argv[1])
            print(server.process.pid, flush=True)
            time.sleep(60)
            """,
            open_directory / "pg",
        )
        pid = int(parent.stdout.readline())
        parent.send_signal(how)
        parent.communicate(timeout=10)
        assert ended(pid)
        with EmbeddedServer.start(open_directory / "pg", settings=FAST) as again:
            assert again.owned

    def test_stopping_turns_connections_away_at_once(self, open_directory):
        server = EmbeddedServer.start(open_directory / "pg", settings=FAST)
        with server.connect() as busy:
            began = time.monotonic()
            server.stop()
            assert time.monotonic() - began < 5
            with pytest.raises(psycopg.OperationalError):
                busy.execute("SELECT 1")
        server.stop()


@pytest.fixture(scope="module")
def server():
    with temporary_server() as server:
        ensure_roles_and_database(server)
        ensure_roles_and_database(server)
        with server.connect("portal_owner", "portal") as owner:
            owner.execute("CREATE TABLE thing (n int)")
            owner.execute("INSERT INTO thing VALUES (1)")
            owner.execute("ALTER TABLE thing ENABLE ROW LEVEL SECURITY")
            owner.execute("ALTER TABLE thing FORCE ROW LEVEL SECURITY")
            owner.execute("CREATE POLICY looks ON thing TO portal_definer USING (true)")
            owner.execute("GRANT SELECT ON thing TO portal_app, portal_definer")
            owner.execute(
                "CREATE FUNCTION things() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
                " SET search_path = pg_catalog, public RETURN (SELECT count(*) FROM public.thing)"
            )
            owner.execute("ALTER FUNCTION things() OWNER TO portal_definer")
        yield server


class TestRoles:
    @pytest.mark.parametrize("role", ["portal_owner", "portal_app", "portal_definer", "portal_backup"])
    def test_no_role_rules_the_server(self, server, role):
        query = f"SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = '{role}'"
        assert one(server, query) is False

    def test_the_definer_cannot_log_in(self, server):
        with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
            server.connect("portal_definer", "portal")

    @pytest.mark.parametrize("role, sees", [("portal_owner", 0), ("portal_app", 0), ("portal_backup", 1)])
    def test_only_the_backup_passes_row_level_security(self, server, role, sees):
        assert one(server, "SELECT count(*) FROM thing", "portal", role) == sees

    def test_nobody_may_call_a_new_function_until_it_is_granted(self, server):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            one(server, "SELECT things()", "portal", "portal_app")
        with server.connect("portal_owner", "portal") as owner:
            owner.execute("SET ROLE portal_definer")
            owner.execute("GRANT EXECUTE ON FUNCTION things() TO portal_app")
        assert one(server, "SELECT things()", "portal", "portal_app") == 1

    @pytest.mark.parametrize("statement", ["CREATE TABLE mine ()", "CREATE TEMP TABLE mine ()", "DROP TABLE thing"])
    def test_the_app_cannot_define_anything(self, server, statement):
        with server.connect("portal_app", "portal") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)

    def test_a_role_that_may_do_too_much_is_refused(self, server):
        with server.connect() as connection:
            connection.execute("ALTER ROLE portal_app BYPASSRLS")
            try:
                with pytest.raises(psycopg.errors.RaiseException, match="portal_app"):
                    ensure_roles_and_database(server)
            finally:
                connection.execute("ALTER ROLE portal_app NOBYPASSRLS")
