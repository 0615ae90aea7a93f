"""Limits per network address for the doors that strangers knock at; limits per account are the portal's own."""

from flask import Flask
from flask_limiter import Limiter

from blueprints.shared.actor import client_address

SIGN_INS = "100 per 15 minutes"
SIGN_UPS = "20 per hour"
LETTERS = "20 per hour"
REFUSED_TOKENS = "30 per 15 minutes"

limiter = Limiter(key_func=client_address)


def install(app: Flask) -> None:
    """Count requests from now on; not in tests, which all come from one address."""
    limiter.enabled = True  # else an application made after one for tests would never count
    limiter.init_app(app)
    limiter.enabled = not app.testing
