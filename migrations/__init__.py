"""The database's history, applied in order by the owner."""
