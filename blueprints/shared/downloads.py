"""Stored files as downloads: never shown in the page, whatever their bytes are."""

from io import BytesIO

from flask import Response, send_file

from portal.kit import files
from portal.kit.files import StoredFile


def download(stored: StoredFile) -> Response:
    """The file as an attachment under its own name, kept by no cache, and taken for what it was checked to be."""
    answer = send_file(
        BytesIO(files.read(stored)),
        mimetype=stored.content_type,
        as_attachment=True,
        download_name=stored.name,
        max_age=None,
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
