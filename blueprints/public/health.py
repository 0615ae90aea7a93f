"""For whoever runs the portal: is it alive, may it get visitors, and what has it counted."""

import hmac
import os
from functools import cache
from ipaddress import ip_address

from alembic.script import ScriptDirectory
from flask import Flask, Response, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from blueprints.shared.routes import Routes, open_to_all
from config import ROOT
from portal.accounts import safety
from portal.kit.db import db
from portal.kit.errors import NotFound

routes = Routes()
MULTIPROCESS_DIR = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name


@routes.get("/healthz")
@open_to_all
def healthz() -> Response:
    """Alive: touches nothing, so that a restart is only asked for where one would help."""
    return jsonify(status="alive")


@routes.get("/readyz")
@open_to_all
def readyz() -> tuple[Response, int]:
    """Ready for visitors: the database answers, is at our migration, and holds the queue. Else 503 and why."""
    fault = _fault()
    if fault:
        return jsonify(status="not ready", reason=fault), 503
    return jsonify(status="ready"), 200


@routes.get("/metrics")
@open_to_all
def metrics() -> Response:
    """Counters of all web processes, for this machine itself or for who knows the token; others find nothing."""
    if not (_is_local() or _knows_token(current_app)):
        raise NotFound
    registry = REGISTRY
    if os.environ.get(MULTIPROCESS_DIR):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _fault() -> str | None:
    """Why the portal is not ready, without particulars of the installation; None when it is."""
    try:
        with db.engine.connect() as connection:  # no session: this looks at no company's rows
            applied = set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
            connection.execute(text("SELECT FROM procrastinate_jobs LIMIT 1"))
    except SQLAlchemyError as error:
        current_app.logger.warning("not ready: %s", type(error).__name__)
        return "The database does not answer as it should."
    if applied != _expected_migrations():
        return "The database is at another migration than this program."
    if current_app.config["PORTAL"].is_production and safety.faults():
        return "The clock is moved or there are demo accounts."
    return None


@cache
def _expected_migrations() -> set[str]:
    return set(ScriptDirectory(str(ROOT / "migrations")).get_heads())


def _is_local() -> bool:
    """Whether this machine asks for itself, not a proxy on it for somebody else."""
    if {"X-Forwarded-For", "Forwarded"} & {name for name, _ in request.headers}:
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _knows_token(app: Flask) -> bool:
    token = app.config["PORTAL"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(token.encode(), given.encode())
