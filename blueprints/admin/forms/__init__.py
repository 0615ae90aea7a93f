"""Forms of staff pages, one module per task."""
