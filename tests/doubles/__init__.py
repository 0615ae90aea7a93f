"""Loopback stand-ins for outside systems: separate processes that the real client libraries talk to."""
