"""What the marketplace does: its nouns, rules, calculations and jobs.

One package per capability, each importing only what stands before it (see ``docs/`` and ``tests/house_rules``).
Nothing in here knows about HTTP, templates or who is looking at a page.
"""
