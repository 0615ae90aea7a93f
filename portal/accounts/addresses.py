"""The address a company's name makes."""

from portal.kit.text import slug

RESERVED = frozenset({"compare", "comparison", "new", "saved", "search", "shortlist", "shortlists"})
"""Words that stand, or may stand one day, for pages of the portal where a vendor's address stands."""


def address_of(name: str) -> str:
    """The readable part of an address; companies of the same name get a number behind it where it is taken."""
    found = slug(name)
    return f"{found}-company" if found in RESERVED else found
