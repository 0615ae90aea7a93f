"""Log lines as JSON without personal data, a reference per request, and counters for /metrics."""

import logging
import time
import traceback

import psycopg
import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

from portal.kit.ids import new_id

REQUESTS = Counter("portal_requests_total", "Answers by endpoint, method and status.", ["endpoint", "method", "status"])
SECONDS = Histogram("portal_request_seconds", "Time to answer by endpoint.", ["endpoint"])
# Mistakes of programs: their messages name attributes and types, never values.
TELLING = (AttributeError, ImportError, NameError, NotImplementedError, RuntimeError, TypeError)
log = structlog.get_logger("portal.request")
SEALED = "vendor.work_on_bid"


def configure() -> None:
    """One JSON object per line on standard error: time in UTC, level, event and named values."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(lambda exc_info: told(exc_info[1])),
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("alembic", "procrastinate", "granian", "_granian"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def told(error: BaseException) -> str:
    """An exception and what led to it for the log: frames and types, and only such messages as quote no values.

    Messages of databases, mail servers and parsers repeat what people typed, which has no place in a log.
    """
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = f"{told(cause)}\n" if cause else ""
    words = ""
    if isinstance(error, TELLING):
        words = f": {error}"
    elif isinstance(error, psycopg.Error):
        words = f": {error.sqlstate} {error.diag.table_name or ''} {error.diag.constraint_name or ''}".rstrip()
    return f"{before}{''.join(traceback.format_tb(error.__traceback__))}{type(error).__name__}{words}"


def _shown(endpoint: str) -> str:
    """The name under which a request is logged and counted: all work on bids has one, or sealed ones were countable."""
    return (
        SEALED
        if endpoint.startswith("vendor.") and endpoint.endswith(("_bid", "_bid_price", "_bid_answers"))
        else endpoint
    )


def install(app: Flask) -> None:
    """Give each request a reference, a log line and its place in the counters."""
    if not app.testing:
        configure()
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    """A request begins."""
    g.reference = new_id().hex[-12:]
    g.began = time.perf_counter()


def end(response: Response) -> Response:
    """A request has its answer."""
    endpoint = _shown(request.endpoint or "unknown")
    took = time.perf_counter() - g.get("began", time.perf_counter())
    REQUESTS.labels(endpoint, request.method, response.status_code).inc()
    SECONDS.labels(endpoint).observe(took)
    if "static" not in endpoint:
        log.info(
            "request",
            reference=g.get("reference"),
            endpoint=endpoint,
            method=request.method,
            status=response.status_code,
            ms=round(took * 1000, 1),
        )
    return response
