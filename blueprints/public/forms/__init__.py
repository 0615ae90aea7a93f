"""The forms of pages that need no account."""
