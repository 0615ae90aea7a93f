"""Background work: jobs written in the same transaction as the change that wants them, and clockwork.

A job's arguments are ids as text. Every job can run twice without harm, because a worker may die after the work
and before the note of it. What happens at a time of the portal's clock is not scheduled but found: the minute tick
runs every function registered with `due`, which asks the database what is due by `portal_now()`.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import procrastinate
from flask import Flask
from procrastinate import PsycopgConnector
from procrastinate.manager import JobManager
from procrastinate.periodic import PeriodicRegistry
from procrastinate.tasks import configure_task

from portal.kit import tenancy
from portal.kit.db import db

log = logging.getLogger("portal.jobs")

app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
# A worker's own connector is asynchronous and cannot write on a session's connection, but jobs enqueue jobs too.
_deferring = JobManager(procrastinate.SyncPsycopgConnector())
_due: dict[str, Callable[[], None]] = {}
STALLED_AFTER_S = 60  # a worker says every ten seconds that it lives
MAX_TRIES = 12


def task(name: str, *, retry: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a job under a name that stays, since waiting jobs carry it.

    The function takes keyword arguments of text only. With `retry` a failing job is tried again with growing pauses.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        strategy = procrastinate.RetryStrategy(max_attempts=MAX_TRIES, exponential_wait=3) if retry else False
        app.task(name=name, retry=strategy)(function)
        function.job_name = name  # type: ignore[attr-defined]
        return function

    return register


def enqueue(function: Callable[..., None], **arguments: str) -> None:
    """Put a job into the queue inside the current transaction: it exists only if the transaction commits."""
    connection = db.session.connection().connection.driver_connection
    name: str = function.job_name  # type: ignore[attr-defined]
    configure_task(name=name, job_manager=_deferring, connection=connection).defer(**arguments)


def due(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that the minute tick calls; it does whatever the portal's clock has made due."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        _due[name] = function
        return function

    return register


@contextmanager
def transaction(scope: tenancy.Scope) -> Iterator[None]:
    """One transaction of a job in one scope: committed at the end, rolled back on any error."""
    db.session.remove()
    with tenancy.scope(scope):
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            db.session.remove()


def run_due() -> None:
    """Run everything the portal's clock has made due, each part on its own: one failing does not stop the others."""
    failed = []
    for name, function in _due.items():
        try:
            function()
        except Exception:
            db.session.remove()  # also what the part had loaded: the next one begins afresh
            log.exception("due work failed", extra={"job": name})
            failed.append(name)
    if failed:
        raise RuntimeError(f"due work failed: {', '.join(failed)}")


@app.periodic(cron="* * * * *")
@app.task(name="kit.tick", queueing_lock="kit.tick")
def tick(timestamp: int) -> None:
    """The minute tick."""
    run_due()


@app.periodic(cron="* * * * *")
@app.task(name="kit.rescue_stalled", queueing_lock="kit.rescue_stalled", pass_context=True)
async def rescue_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
    """Give back jobs whose worker died in the middle: nothing else ever would."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        await manager.retry_job(job)


def _connector(flask_app: Flask, size: int) -> PsycopgConnector:
    url = flask_app.config["SQLALCHEMY_DATABASE_URI"].replace("postgresql+psycopg://", "postgresql://")
    return PsycopgConnector(conninfo=url, min_size=1, max_size=size)


def _middleware(flask_app: Flask) -> Callable[..., Any]:
    """Each job gets an application context of its own, and with it a session of its own."""

    def in_app(call_next: Callable[[], Any], context: procrastinate.JobContext, worker: Any) -> Any:
        with flask_app.app_context():
            return call_next()

    return in_app


def work(flask_app: Flask, *, concurrency: int = 4, wait: bool = True) -> None:
    """Work off the queue: for ever, until SIGTERM, or with `wait=False` until nothing is waiting."""

    async def run() -> None:
        clockwork = app.periodic_registry
        # Not `with_connector`: periodic tasks stay bound to the app they were registered with.
        with app.replace_connector(_connector(flask_app, concurrency)):
            if not wait:  # the clockwork belongs to the standing worker
                app.periodic_registry = PeriodicRegistry()  # type: ignore[no-untyped-call]
            try:
                async with app.open_async():
                    await app.run_worker_async(
                        concurrency=concurrency,
                        wait=wait,
                        listen_notify=wait,
                        task_middleware=[_middleware(flask_app)],
                        delete_jobs="successful",
                        shutdown_graceful_timeout=20,
                        install_signal_handlers=wait,
                    )
            finally:
                app.periodic_registry = clockwork

    asyncio.run(run())


def run_waiting(flask_app: Flask) -> None:
    """Run what waits in the queue now, here, and return: for tests, the demo and the shell."""
    db.session.remove()
    work(flask_app, concurrency=1, wait=False)
