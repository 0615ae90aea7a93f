"""Jobs live and die with the transaction that wants them, are tried again, and survive a killed worker."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.kit import jobs, tenancy
from portal.kit.db import db

ROOT = Path(__file__).resolve().parents[3]
PUT = "INSERT INTO submissions (key, body_sha256) VALUES (:key, 'done') ON CONFLICT DO NOTHING"


def put(key: str) -> None:
    db.session.execute(text(PUT), {"key": key})


@jobs.task("test.put")
def put_one(*, key: str) -> None:
    with jobs.transaction(tenancy.PUBLIC):
        put(key)


@jobs.task("test.put_two_by_two")
def put_and_enqueue(*, key: str) -> None:
    with jobs.transaction(tenancy.PUBLIC):
        put(key)
        jobs.enqueue(put_one, key=f"{key}, then")


@jobs.task("test.fail")
def put_and_fail(*, key: str) -> None:
    with jobs.transaction(tenancy.PUBLIC):
        put(key)
        raise ValueError("this failure is meant")


@pytest.fixture
def kept(superuser):
    """The keys that jobs have really left in the database."""
    return lambda: sorted(key for (key,) in superuser.execute("SELECT key FROM submissions"))


@pytest.fixture
def queue(superuser):
    """The jobs that wait, as (name, state, tries)."""
    query = "SELECT task_name, status::text, attempts FROM procrastinate_jobs WHERE task_name LIKE 'test.%' ORDER BY id"
    return lambda: superuser.execute(query).fetchall()


class TestEnqueue:
    def test_a_job_exists_only_after_the_commit(self, app, queue, kept):
        with tenancy.scope(tenancy.PUBLIC):
            jobs.enqueue(put_one, key="a")
            db.session.flush()
            assert queue() == []
            db.session.commit()
        assert queue() == [("test.put", "todo", 0)]
        jobs.run_waiting(app)
        assert (kept(), queue()) == (["a"], [])

    def test_after_a_rollback_there_is_none(self, app, queue):
        with tenancy.scope(tenancy.PUBLIC):
            jobs.enqueue(put_one, key="a")
            db.session.rollback()
        assert queue() == []

    def test_a_job_may_enqueue_another(self, app, kept):
        with tenancy.scope(tenancy.PUBLIC):
            jobs.enqueue(put_and_enqueue, key="a")
            db.session.commit()
        jobs.run_waiting(app)
        assert kept() == ["a", "a, then"]

    def test_a_failing_job_leaves_nothing_and_waits_for_its_next_try(self, app, queue, kept):
        with tenancy.scope(tenancy.PUBLIC):
            jobs.enqueue(put_and_fail, key="a")
            jobs.enqueue(put_one, key="b")
            db.session.commit()
        jobs.run_waiting(app)
        assert kept() == ["b"]
        assert queue() == [("test.fail", "todo", 1)]


class TestTransaction:
    def test_commits_once_at_the_end(self, app, kept):
        with jobs.transaction(tenancy.PUBLIC):
            put("a")
            assert kept() == []
        assert kept() == ["a"]

    def test_takes_everything_back_on_an_error_and_leaves_no_scope(self, app, kept):
        with pytest.raises(ZeroDivisionError), jobs.transaction(tenancy.PUBLIC):
            put("a")
            raise ZeroDivisionError
        assert kept() == []
        with pytest.raises(tenancy.NoScope):
            tenancy.current_scope()


class TestDue:
    @pytest.fixture
    def parts(self, monkeypatch):
        registered: dict = {}
        monkeypatch.setattr(jobs, "_due", registered)
        return registered

    def test_one_failing_part_does_not_stop_the_others_and_is_named(self, app, parts, kept):
        @jobs.due("test.first")
        def first() -> None:
            with tenancy.scope(tenancy.PUBLIC):
                put("half")
                raise ValueError("this failure is meant")

        @jobs.due("test.second")
        def second() -> None:
            with jobs.transaction(tenancy.PUBLIC):
                put("second")

        with pytest.raises(RuntimeError, match=r"due work failed: test\.first$"):
            jobs.run_due()
        assert kept() == ["second"]

    def test_without_failures_it_says_nothing(self, app, parts):
        parts["test.quiet"] = lambda: None
        jobs.run_due()


# The clockwork that gives a dead worker's jobs back is the real one; only its minute lasts two seconds.
WORKER = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    import attr
    from sqlalchemy import text
    import wsgi
    from portal.kit import ids, jobs, tenancy
    from portal.kit.db import db

    PUT = "INSERT INTO submissions (key, body_sha256) VALUES (:key, 'done') ON CONFLICT DO NOTHING"
    finished = Path(sys.argv[1])

    @jobs.task("test.dies_between")
    def work(*, key):
        with jobs.transaction(tenancy.PUBLIC):
            db.session.execute(text(PUT), {"key": key})
            db.session.execute(text(PUT), {"key": f"try {ids.new_id()}"})
        if not finished.exists():
            time.sleep(60)

    clockwork = jobs.app.periodic_registry.periodic_tasks
    for name, entry in clockwork.items():
        clockwork[name] = attr.evolve(entry, cron="* * * * * */2")

    jobs.work(wsgi.create_app())
""")


class TestKilledWorker:
    """The worst moment: after the work is committed and before the queue hears of it."""

    @pytest.fixture
    def start_worker(self, database, tmp_path):
        started = []
        environment = {
            **os.environ,
            "DATABASE_URL": database.url("portal_app"),
            "DATABASE_OWNER_URL": "",
            "PORTAL_DATA_DIR": str(tmp_path),
        }

        def start() -> subprocess.Popen:
            command = [sys.executable, "-c", WORKER, str(tmp_path / "finished")]
            started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL))
            return started[-1]

        yield start
        for process in started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)

    def wait_for(self, condition) -> None:
        until = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < until, "waited too long"
            time.sleep(0.1)

    def test_its_job_is_done_by_the_next_one_with_the_effect_of_once(
        self, app, superuser, tmp_path, start_worker, kept
    ):
        superuser.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('default', 'test.dies_between', '{\"key\": \"effect\"}')"
        )
        first = start_worker()
        self.wait_for(lambda: "effect" in kept())
        first.kill()
        first.wait(timeout=10)
        states = "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'test.dies_between'"
        assert superuser.execute(states).fetchall() == [("doing",)]
        (tmp_path / "finished").touch()
        superuser.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '2 minutes'")
        start_worker()
        self.wait_for(lambda: not superuser.execute(states).fetchall())
        assert kept().count("effect") == 1
        assert len([key for key in kept() if key.startswith("try ")]) == 2
