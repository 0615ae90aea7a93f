"""An application with routes of its own, for trying what the edge does with each way a request can go."""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Blueprint, Flask, jsonify, redirect, request
from flask.testing import FlaskClient
from sqlalchemy import select, text

import wsgi
from portal.accounts.models import CompanyDetails
from portal.kit import errors
from portal.kit.db import check_version, db
from tests.conftest import Browser
from tests.database import Copy

probe = Blueprint("probe", __name__, url_prefix="/probe")
INSERT = "INSERT INTO mails (id, kind, language, state, tries) VALUES (:id, 'probe', 'en', 'waiting', 0)"
REFUSALS: dict[str, Callable[[], Exception]] = {
    "plain": lambda: errors.PortalError("Say why."),
    "not-found": errors.NotFound,
    "forbidden": errors.Forbidden,
    "conflict": errors.Conflict,
    "illegal-move": lambda: errors.IllegalMove("Bid", "draft", "won"),
    "stale": lambda: errors.StaleVersion(mine="what I typed", theirs="what she saved"),
    "invalid": lambda: errors.Invalid("Say which.", "name"),
    "too-many": errors.TooMany,
    "unavailable": errors.Unavailable,
    "unexpected": lambda: ZeroDivisionError("secret@example.com"),
}


def words_of(page: str) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub("<[^>]+>", "", page).split())


def write(row_id: uuid.UUID | None = None) -> None:
    db.session.execute(text(INSERT), {"id": row_id or uuid.uuid4()})


@probe.route("/write", methods=["GET", "POST"])
def write_one() -> tuple[str, int]:
    write()
    return "written", request.args.get("status", 200, int)


@probe.post("/form")
def send_form():
    write()
    return redirect("/probe/done/" + request.form["name"])


@probe.route("/refuse/<name>", methods=["GET", "POST"])
def refuse(name: str) -> str:
    if request.method == "POST":
        write()
    raise REFUSALS[name]()


@probe.post("/twice")
def write_twice() -> str:
    for _ in range(2):
        write(uuid.UUID(int=1))
    return ""


@probe.get("/details")
def read_details():
    """Every private row that the database lets through: nothing is asked for in Python."""
    return jsonify([str(found) for found in db.session.scalars(select(CompanyDetails.company_id))])


@probe.post("/rename")
def rename() -> str:
    details = db.session.scalars(select(CompanyDetails)).one()
    check_version(details, int(request.form["version"]), mine=request.form["name"], theirs=details.legal_name)
    details.legal_name = request.form["name"]
    return ""


@probe.post("/lock")
def wait_for_lock() -> str:
    db.session.execute(text("LOCK TABLE company_details IN EXCLUSIVE MODE"))
    return ""


def make_probe_app(settings) -> Flask:
    """The portal with the routes above."""
    app = wsgi.create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    app.register_blueprint(probe)
    return app


@pytest.fixture(scope="session")
def probe_worker_app(worker_database: Copy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Made once per worker; tests want ``probe_app``."""
    settings = worker_database.settings(tmp_path_factory.mktemp("probe"))
    app = make_probe_app(replace(settings, web_threads=3))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def probe_app(database: Copy, probe_worker_app: Flask) -> Iterator[Flask]:
    """The application with routes for trying, on a wiped database, with three connections."""
    with probe_worker_app.app_context():
        yield probe_worker_app


@pytest.fixture
def caller(probe_app: Flask) -> FlaskClient:
    """Somebody unknown, whose requests are served in a context of their own."""
    return Browser(probe_app, probe_app.response_class)


@pytest.fixture
def written(superuser) -> Callable[[], int]:
    """How many rows the routes above have really left in the database."""
    return lambda: superuser.execute("SELECT count(*) FROM mails WHERE kind = 'probe'").fetchone()[0]
