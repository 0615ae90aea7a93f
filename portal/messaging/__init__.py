"""Telling people: notices to the members of a company, mail about them, and threads between two companies."""

from portal.messaging.actions import notify, notify_each, notify_person

__all__ = ["notify", "notify_each", "notify_person"]
