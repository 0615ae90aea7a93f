"""Where a redirect may lead: to a path of this portal, never to another site."""

from urllib.parse import urlsplit


def own_path(wanted: str | None) -> str | None:
    """`wanted` when it is a path of this portal, else None.

    Browsers drop control characters and read a backslash as a slash, so neither may occur at all.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return None
    if "\\" in wanted or any(ord(character) <= 0x20 or ord(character) == 0x7F for character in wanted):
        return None
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return None
    return wanted if not parts.scheme and not parts.netloc else None
