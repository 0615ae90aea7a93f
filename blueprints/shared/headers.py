"""Security headers: a strict content security policy with a nonce per request, and the usual companions."""

import secrets
from http import HTTPStatus

from flask import Flask, Response, g, request

HSTS = "max-age=31536000; includeSubDomains"
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none';"
    " manifest-src 'self'"
)
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
)


def csp_nonce() -> str:
    """The nonce that this request's own scripts carry."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def install(app: Flask) -> None:
    """Add the headers to every answer."""
    app.after_request(add)


def add(response: Response) -> Response:
    """Add the headers to an answer that does not say otherwise itself."""
    headers = response.headers
    if response.status_code != HTTPStatus.NOT_MODIFIED:  # the page that is kept goes with the nonce it came with
        headers.setdefault("Content-Security-Policy", POLICY.format(nonce=csp_nonce()))
    for name, value in ALWAYS:
        headers.setdefault(name, value)
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", HSTS)
    headers.setdefault("Cache-Control", "no-store")
    return response
