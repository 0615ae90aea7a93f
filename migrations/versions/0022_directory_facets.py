"""Facets of each service, an hour's price in one currency, and the orders by price and by rating."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NO_PRICE = str(2**62)


def upgrade() -> None:
    # Filled by `flask directory rebuild`, which can run while the portal serves: until then a vendor is found by
    # everything it was found by before, but by several facets of one service, prices and ratings only afterwards.
    op.add_column("directory_entries", sa.Column("offers", ARRAY(sa.Text), nullable=False, server_default="{}"))
    op.add_column("directory_entries", sa.Column("hourly_minor", sa.BigInteger))
    op.add_column("directory_entries", sa.Column("price_key", sa.BigInteger, nullable=False, server_default=NO_PRICE))
    op.add_column("directory_entries", sa.Column("rating_key", sa.BigInteger, nullable=False, server_default="0"))
    for name, columns in (
        ("price", ("price_key", "vendor_id")),
        ("rating", ("rating_key DESC", "vendor_id DESC")),
    ):
        op.create_index(f"ix_directory_entries_{name}", "directory_entries", [sa.text(column) for column in columns])
