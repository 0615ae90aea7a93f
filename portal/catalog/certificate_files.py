"""Documents of certificates: what may be uploaded, judged by the bytes and not by the name."""

from typing import NamedTuple

import filetype
from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.kit.text import clean_line

MAX_BYTES = 10 * 1024 * 1024
_ENDINGS = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
}
ACCEPTED = ",".join(f".{ending}" for endings in _ENDINGS.values() for ending in endings)


class Document(NamedTuple):
    """A document that may be kept: its bytes, a name without folders, and the type that the bytes show."""

    content: bytes
    name: str
    content_type: str


def check_document(content: bytes, name: str) -> Document:
    """A PDF, PNG or JPEG of at most 10 MB whose name says the same type as its bytes. Raises Invalid at `file`."""
    name = clean_line(name.replace("\\", "/").rpartition("/")[2])
    if not content:
        raise Invalid(_l("The file is empty. Choose another one."), "file")
    if len(content) > MAX_BYTES:
        raise Invalid(_l("The file is larger than 10 MB. Save it smaller, or only the pages that matter."), "file")
    kind = filetype.guess(content)
    endings = _ENDINGS.get(kind.mime) if kind else None
    if kind is None or endings is None:
        raise Invalid(_l("This is no PDF, PNG or JPEG. Save the document as a PDF and choose that."), "file")
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or ending.lower() not in endings:
        raise Invalid(_l("The name of the file does not fit what is in it. Choose the original file."), "file")
    return Document(content, name, kind.mime)
