"""The heads of all evidence chains, for the daily note that is kept outside the database."""

from migrations.protection import function_v1

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Hashes and ids only: what a chain holds stays with its parties. Nobody's scope may ask, only the clockwork's.
    function_v1(
        """
        CREATE FUNCTION evidence_heads() RETURNS TABLE (chain text, chain_id uuid, "position" bigint, hash text)
        LANGUAGE sql STABLE AS $$
            SELECT DISTINCT ON (e.chain, e.chain_id) e.chain, e.chain_id, e.position, e.hash FROM evidence_entries e
             WHERE portal_scope() = 'public' AND portal_person() IS NULL
             ORDER BY e.chain, e.chain_id, e.position DESC
        $$
        """,
        "evidence_heads()",
    )
