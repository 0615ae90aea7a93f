"""Telling people: notices to the members of a company, mail about them, and threads between two companies."""

from portal.messaging.actions import notify

__all__ = ["notify"]
