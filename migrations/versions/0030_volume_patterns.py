"""Growth, weekdays and hours of a channel that were typed by hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0030"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requirement_channels", sa.Column("growth_pct", sa.Text))
    op.add_column("requirement_channels", sa.Column("weekdays", JSONB))
    op.add_column("requirement_channels", sa.Column("day_profile", JSONB))
