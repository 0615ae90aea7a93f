"""Tools without business words that every capability stands on: database, clock, money, files, jobs and the like.

Nothing in here imports another part of the portal.
"""
