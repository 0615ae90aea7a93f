"""The floor that pages of the directory are measured against: a bare Flask page, no session, one indexed statement.

It renders the same twenty rows from a compiled template under the same server; what the portal does more than this
is what its pages cost.
"""

import os
from pathlib import Path

from flask import Flask, render_template, request
from psycopg.rows import namedtuple_row
from psycopg_pool import ConnectionPool

COLUMNS = (
    "vendor_id, slug, name, country, city, headline, channels, languages, price_from_minor, price_currency, lead_days,"
    " seats_free, rating, review_count"
)
STATEMENT = (
    f"SELECT {COLUMNS} FROM directory_entries WHERE (quality, vendor_id) < (%s, %s)"
    " ORDER BY quality DESC, vendor_id DESC LIMIT 20"
)
LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"


def create_app() -> Flask:
    """The bare application."""
    app = Flask("floor", template_folder=str(Path(__file__).parent))
    url = os.environ["DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://")
    pool = ConnectionPool(
        url, min_size=1, max_size=4, open=True, kwargs={"autocommit": True, "row_factory": namedtuple_row}
    )

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.get("/")
    def page() -> str:
        with pool.connection() as connection:
            rows = connection.execute(STATEMENT, (request.args.get("below", 9999, type=int), LAST_ID)).fetchall()
        return render_template("floor.html", rows=rows)

    return app
