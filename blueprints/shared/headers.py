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


def csp_nonce() -> str:
    """The nonce that this request's own scripts carry."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def install(app: Flask) -> None:
    """Add the headers to every answer."""

    @app.after_request
    def _headers(response: Response) -> Response:
        if response.status_code != HTTPStatus.NOT_MODIFIED:  # the page that is kept goes with the nonce it came with
            response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=csp_nonce()))
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
