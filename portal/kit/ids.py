"""Identifiers and secrets: time-ordered UUIDs, unguessable tokens and the digests kept of them."""

import hashlib
import secrets
import time
import uuid


def new_id() -> uuid.UUID:
    """A version 7 UUID (RFC 9562, 5.7): 48 bits of milliseconds, then random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return uuid.UUID(int=value | 0x7 << 76 | 0x2 << 62)


def new_token() -> str:
    """256 random bits for a link or a session, safe in a URL."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of a token: SHA-256 in hexadecimal, so that a dump opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()
