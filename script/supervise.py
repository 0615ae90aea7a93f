"""Starts and stops everything of one machine: database, migrations, demo data, web, worker; called by script/server.

This process does no work of its own. Each child has a session of its own, so that Ctrl-C reaches only the supervisor,
which stops web and worker first and the database last. If one child ends by itself, all are stopped. Should the
supervisor be killed, the kernel ends its children.
"""

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config import ConfigError, Settings  # noqa: E402 - needs the path
from portal.kit.embedded import (  # noqa: E402
    DATABASE,
    EmbeddedServer,
    end_with_parent,
    ensure_roles_and_database,
)
from portal.kit.embedded_place import EmbeddedError  # noqa: E402

SCRIPTS = Path(sys.executable).parent
READY_WITHIN_SECONDS = 90
STOP_WITHIN_SECONDS = 30  # the worker finishes its running job within 20
# Granian ends a web process only once each of its connections has finished the request it began, and one whose client
# has stopped sending or reading in the middle never does. Nothing is lost with it: what was not committed is undone.
WEB_STOP_SECONDS = 5
HEADER_READ_MS = 5_000
DEMO_PASSWORD = "switchboard-demo"
DEMO_ACCOUNTS = ("buyer@demo.test", "vendor@demo.test", "vendor2@demo.test", "staff@demo.test")


class Trouble(Exception):
    """Why the portal cannot run, in a sentence for whoever typed the command."""


class Stopped(BaseException):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


@dataclass
class Supervisor:
    """One run of the portal on this machine."""

    environment: dict[str, str]
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    database: EmbeddedServer | None = None
    ready: bool = False

    def start(self, *, demo: bool, stripe_test: bool) -> None:
        """Bring everything up, in order, and say where it is."""
        if stripe_test:
            self.environment.update(stripe_test_environment())
        settings = Settings.from_environment(self.environment)
        host = self.environment.get("PORTAL_HOST", "127.0.0.1")
        check_port(host, settings.port)
        if settings.is_production and stripe_test:
            raise Trouble("--stripe-test moves no money and is not for production.")
        if not self.environment.get("DATABASE_URL"):
            settings = self.start_database(settings)
        self.migrate(settings)
        if demo and not settings.is_production:
            self.load_demo(settings)
        if stripe_test:
            self.start_stripe_double(settings)
            if owner_finds(settings, "SELECT FROM people WHERE email = %s", DEMO_ACCOUNTS[0]):
                self.flask("demo", "connect", trouble="The demo's vendors could not be connected to the test payments.")
        self.start_portal(settings, host)
        self.wait_until_ready(settings)
        self.ready = True
        self.welcome(settings)

    def start_database(self, settings: Settings) -> Settings:
        """The embedded PostgreSQL with roles and database, and the settings to reach it."""
        self.database = EmbeddedServer.start(settings.data_dir / "postgres")
        if unfinished_demo(settings).exists():
            say("The demo data was not loaded completely the last time: starting with an empty database.")
            with self.database.connect() as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        ensure_roles_and_database(self.database)
        self.environment["DATABASE_URL"] = self.database.url("portal_app")
        self.environment["DATABASE_OWNER_URL"] = self.database.url("portal_owner")
        return Settings.from_environment(self.environment)

    def migrate(self, settings: Settings) -> None:
        """Apply the migrations as the owner, where its address is known."""
        if settings.database_owner_url is None:
            say("DATABASE_OWNER_URL is not set: the migrations are not applied here.")
            return
        self.flask("db", "upgrade", trouble="The migrations could not be applied.")

    def load_demo(self, settings: Settings) -> None:
        """Fill an empty database with the demo; a database with people in it is left as it is."""
        if settings.database_owner_url is None or owner_finds(settings, "SELECT FROM people"):
            return
        say("Loading the demo data ...")
        unfinished_demo(settings).touch()
        self.flask("demo", "load", trouble="The demo data could not be loaded; --no-demo starts without.")
        unfinished_demo(settings).unlink()

    def flask(self, *arguments: str, trouble: str) -> None:
        """Run one of the portal's commands to its end."""
        command = [sys.executable, "-m", "flask", *arguments]
        child = self.spawn(f"flask {arguments[0]}", command, self.environment)
        if child.wait() != 0:
            raise Trouble(trouble)
        del self.children[f"flask {arguments[0]}"]

    def start_stripe_double(self, settings: Settings) -> None:
        """The loopback stand-in for Stripe, which tells us its address in its first line."""
        base = urlsplit(settings.stripe_api_base or "")
        command = [sys.executable, "-m", "tests.doubles.stripe", "--port", str(base.port)]
        command += ["--webhook-url", f"http://127.0.0.1:{settings.port}/hooks/stripe"]
        command += ["--webhook-secret", settings.stripe_webhook_secret or ""]
        command += ["--data", str(settings.data_dir / "stripe-test.json")]
        child = self.spawn("Stripe's double", command, self.environment, stdout=subprocess.PIPE)
        if child.stdout is None or not child.stdout.readline().startswith(b"listening on"):
            raise Trouble("The loopback Stripe did not start.")

    def start_portal(self, settings: Settings, host: str) -> None:
        """Web and worker, neither of which may change tables: they do not learn the owner's address."""
        counters = settings.data_dir / "counters"  # of all web processes; they begin at nought with each start
        shutil.rmtree(counters, ignore_errors=True)
        counters.mkdir(parents=True)
        environment = {**self.environment, "DATABASE_OWNER_URL": "", "PROMETHEUS_MULTIPROC_DIR": str(counters)}
        web = [str(SCRIPTS / "granian"), "--interface", "wsgi", "--factory", "wsgi:create_app", "--no-ws"]
        web += ["--host", host, "--port", str(settings.port), "--log-level", "warning", "--backpressure", "64"]
        web += ["--workers", str(settings.web_workers), "--blocking-threads", str(settings.web_threads)]
        web += ["--workers-kill-timeout", str(WEB_STOP_SECONDS), "--http1-header-read-timeout", str(HEADER_READ_MS)]
        self.spawn("web", web, environment)
        # Without us the embedded database goes at once, and a worker that misses it takes long to give up.
        ended_by = signal.SIGKILL if self.database else signal.SIGTERM
        self.spawn("worker", [sys.executable, "-m", "flask", "worker"], environment, ended_by=ended_by)

    def spawn(
        self,
        name: str,
        command: list[str],
        environment: Mapping[str, str],
        *,
        stdout: int | None = None,
        ended_by: signal.Signals = signal.SIGTERM,
    ) -> subprocess.Popen[bytes]:
        """Start a child in a session of its own; should this process be killed, the kernel sends it `ended_by`."""
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            start_new_session=True,
            preexec_fn=end_with_parent(ended_by),
        )
        self.children[name] = child
        return child

    def wait_until_ready(self, settings: Settings) -> None:
        """Wait for /readyz, that is for database, migrations and queue."""
        until = time.monotonic() + READY_WITHIN_SECONDS
        answer = "nothing"
        while time.monotonic() < until:
            self.check_children()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/readyz", timeout=5):
                    return
            except urllib.error.HTTPError as error:
                answer = f"{error.code} {error.read(300).decode(errors='replace')}"
            except OSError as error:
                answer = str(error)
            time.sleep(0.1)
        raise Trouble(f"The portal is not ready after {READY_WITHIN_SECONDS} seconds; /readyz answers: {answer}")

    def welcome(self, settings: Settings) -> None:
        """Say where the portal is and who may sign in."""
        say(f"\nSwitchboard is ready: http://127.0.0.1:{settings.port}")
        if owner_finds(settings, "SELECT FROM people WHERE email = %s", DEMO_ACCOUNTS[0]):
            say(f"Sign in with the password {DEMO_PASSWORD} as any of: {', '.join(DEMO_ACCOUNTS)}")
        if settings.payment_is_a_test:
            say("Card payments are a TEST: no money moves.")
        say("Ctrl-C stops it.\n")

    def check_children(self) -> None:
        """Raise Trouble if a child has ended by itself."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise Trouble(f"The {name} process ended by itself (exit code {child.returncode}); stopping the rest.")
        if self.database and self.database.process_ended:
            raise Trouble(f"The database ended by itself; its log is {self.database.place.log}.")

    def stop(self) -> None:
        """Stop web and worker together, then what they lean on."""
        for child in self.children.values():
            if child.poll() is None and self.ready:
                child.terminate()
            elif child.poll() is None:  # nobody is in the middle of anything yet
                os.killpg(child.pid, signal.SIGKILL)
        until = time.monotonic() + STOP_WITHIN_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        if self.database:
            self.database.stop()


def unfinished_demo(settings: Settings) -> Path:
    """A file that is there while the demo is being loaded, and after a loading that was cut short."""
    return settings.data_dir / "demo-unfinished"


def owner_finds(settings: Settings, query: str, *values: str) -> bool:
    """Whether a query by the owner, whose policies see every row, finds anything."""
    if settings.database_owner_url is None:
        return False
    url = settings.database_owner_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(url) as connection:
        return connection.execute(query, values).fetchone() is not None


def stripe_test_environment() -> dict[str, str]:
    """Settings that make the portal take cards from the loopback stand-in."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "STRIPE_SECRET_KEY": "sk_test_switchboard",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(24)}",
        "STRIPE_API_BASE": f"http://127.0.0.1:{port}",
    }


def check_port(host: str, port: int) -> None:
    """Raise Trouble if something else listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Trouble(
                f"Port {port} cannot be used ({error.strerror}). Choose another: PORT=8001 script/server"
            ) from None


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)


def stop_on_signals() -> None:
    def stopped(*_: object) -> None:
        ignore_signals()  # one is enough: stopping must not be cut short
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stopped)


def ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def main() -> int:
    """Run until stopped; 0 when somebody stopped it, 1 when it could not go on, 2 for a faulty environment."""
    parser = argparse.ArgumentParser(prog="script/server", description="Run the portal on this machine.")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    parser.add_argument("--stripe-test", action="store_true", help="take cards from a loopback stand-in for Stripe")
    options = parser.parse_args()
    supervisor = Supervisor({**os.environ, "FLASK_SKIP_DOTENV": "1"})
    stop_on_signals()
    try:
        supervisor.start(demo=not options.no_demo, stripe_test=options.stripe_test)
        while True:
            supervisor.check_children()
            time.sleep(0.25)
    except Stopped:
        say(f"Stopping; requests under way are given {WEB_STOP_SECONDS} seconds ...")
        return 0
    except (Trouble, EmbeddedError) as trouble:
        print(trouble, file=sys.stderr, flush=True)
        return 1
    except ConfigError as error:
        print(error, file=sys.stderr, flush=True)
        return 2
    finally:
        ignore_signals()
        supervisor.stop()


if __name__ == "__main__":
    sys.exit(main())
