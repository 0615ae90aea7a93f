"""Plain functions that make what a test needs, one module per capability."""
