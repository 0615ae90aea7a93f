"""Forms of a buyer, one module per task."""
