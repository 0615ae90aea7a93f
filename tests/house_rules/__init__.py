"""What the house asks of all code and a machine can check; each failure says what to do instead."""
