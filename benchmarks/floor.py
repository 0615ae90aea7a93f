"""The floor that pages of the directory are measured against: a bare Flask page, no session, one indexed statement.

It renders the same twenty rows from a compiled template under the same server; what the portal does more than this
is what its pages cost.
"""

import os
import threading
from pathlib import Path

import psycopg
from flask import Flask, render_template, request
from psycopg.rows import namedtuple_row

ROWS = 20
COLUMNS = (
    "vendor_id, slug, name, country, city, headline, channels, languages, price_from_minor, price_currency, lead_days,"
    " seats_free, rating, review_count"
)
STATEMENT = (
    f"SELECT {COLUMNS} FROM directory_entries WHERE (quality, vendor_id) < (%s, %s)"
    f" ORDER BY quality DESC, vendor_id DESC LIMIT {ROWS}"
)
LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"


def create_app() -> Flask:
    """The bare application."""
    app = Flask("floor", template_folder=str(Path(__file__).parent))
    url = os.environ["DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://")
    kept = threading.local()

    def connection() -> psycopg.Connection:
        """One connection for each thread of the server."""
        if not hasattr(kept, "connection"):
            kept.connection = psycopg.connect(url, autocommit=True, row_factory=namedtuple_row)
        return kept.connection  # type: ignore[no-any-return]

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.get("/")
    def page() -> str:
        rows = connection().execute(STATEMENT, (request.args.get("below", 9999, type=int), LAST_ID)).fetchall()
        assert len(rows) == ROWS, "a floor with fewer rows than the pages measured against it would be no floor"
        return render_template("floor.html", rows=rows)

    return app
