"""Forms of the pages that both parties share, one module per task."""
