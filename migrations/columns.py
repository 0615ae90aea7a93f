"""Columns that several tables have, for migrations. Like those of `protection`, these helpers never change."""

import sqlalchemy as sa

PARTIES = ("buyer_id", "vendor_id")


def of_agreement_v1(table: str) -> tuple[sa.Column | sa.ForeignKeyConstraint, ...]:
    """The agreement a row belongs to, whose parties must be the row's own."""
    return (
        sa.Column("agreement_id", sa.Uuid, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id", *PARTIES],
            ["agreements.id", "agreements.buyer_id", "agreements.vendor_id"],
            name=f"fk_{table}_agreement",
        ),
    )
