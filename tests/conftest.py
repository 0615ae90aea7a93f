"""What every test may ask for. A test that asks for none of these starts no database.

The order is that of real life: a test (or a factory) writes, the client's next request commits that and is served
in a context of its own, so neither the test's scope nor its session reaches into the request, nor back.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextvars import Context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool
from werkzeug.test import TestResponse

from tests.database import Copy, make_copy

if TYPE_CHECKING:
    from tests.factories.catalog import MadeVendor

FULL = os.environ.get("PORTAL_TEST_FULL") == "1"


def pytest_configure(config: pytest.Config) -> None:
    """Sweeps run with reduced counts, unless all of them are asked for (``--full``)."""
    try:
        from hypothesis import settings
    except ModuleNotFoundError:
        return
    settings.register_profile("reduced", max_examples=40, deadline=None)
    settings.register_profile("full", max_examples=1000, deadline=None)
    settings.load_profile("full" if FULL else "reduced")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test with generated examples is a sweep."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.sweep)


@pytest.fixture(scope="session")
def full_counts() -> bool:
    """Whether this run is the long one, with the counts of ``script/test --full``."""
    return FULL


class Browser(FlaskClient):
    """A client whose requests are served as if by another thread.

    What the test's own session has written is committed first: a request cannot see, and may wait for, less.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request."""
        from portal.kit.db import db

        if has_app_context() and db.session.registry.has() and db.session().in_transaction():
            db.session.commit()  # a followed redirect comes here again, without the test's context
        return Context().run(super().open, *args, **kwargs)


@pytest.fixture(scope="session")
def worker_database() -> Iterator[Copy]:
    """This worker's copy of the template, as it is; most tests want ``app`` or ``database``."""
    copy = make_copy(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield copy
    copy.close()


@pytest.fixture(scope="session")
def quick_hashes() -> Iterator[None]:
    """Hash passwords with the least of work, and verify those hashes: what a portal takes is of no use to tests."""
    from argon2 import PasswordHasher

    from portal.accounts import passwords

    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", hasher)
        quick = hasher.hash("nobody has this password")
        patch.setattr(passwords, "_nobody", lambda: quick)
        yield


@pytest.fixture(scope="session")
def worker_app(worker_database: Copy, quick_hashes: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, made once per worker; most tests want ``app``."""
    import wsgi
    from portal.kit.db import db
    from tests.factories.accounts import release

    app = wsgi.create_app(worker_database.settings(tmp_path_factory.mktemp("data")))
    app.config["WTF_CSRF_ENABLED"] = False  # a test of its own turns it on
    app.test_client_class = Browser
    app.extensions["worker_copy"] = worker_database  # what factories remember by
    yield app
    with app.app_context():
        release()
        for engine in db.engines.values():
            engine.dispose()  # left to the garbage collector they warn, and warnings fail the run


@pytest.fixture
def database(worker_database: Copy) -> Copy:
    """The database, wiped; without an application."""
    worker_database.wipe()
    return worker_database


@pytest.fixture
def app(database: Copy, worker_app: Flask) -> Iterator[Flask]:
    """The application on a wiped database, inside an application context of the test's own."""
    shutil.rmtree(worker_app.config["PORTAL"].data_dir / "mail", ignore_errors=True)  # letters of earlier tests
    # Notes of what the database held before it was wiped.
    shutil.rmtree(worker_app.config["PORTAL"].data_dir / "evidence", ignore_errors=True)
    with worker_app.app_context():
        yield worker_app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def make_client(app: Flask) -> Callable[[], FlaskClient]:
    """For tests with several people: each call is another browser."""
    return app.test_client


@pytest.fixture
def owner_engine(database: Copy) -> Iterator[Engine]:
    """Logs in as ``portal_owner``, as migrations do."""
    engine = create_engine(database.url("portal_owner"), poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def superuser(database: Copy) -> Iterator[psycopg.Connection]:
    """A connection past all row level security, in autocommit mode: for looking at what really is in the tables."""
    with database.connect() as connection:
        yield connection


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A temporary directory that other users may pass, as a server started by root has to."""
    path = Path(tempfile.mkdtemp(prefix="switchboard-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def vendor(app: Flask) -> "MadeVendor":
    """A vendor company that is open, with an owner."""
    from tests.factories.catalog import make_vendor

    return make_vendor("Kestrelway Contact")
