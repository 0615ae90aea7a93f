"""A loopback stand-in for the Stripe API, run as its own process: `python -m tests.doubles.stripe --port N …`.

The portal talks to it with the real client library and verifies its webhooks with the real verifier; only the base
addresses and the keys differ. What it refuses comes from the library's own types (`validation`), what it assumes about
the rest is listed in `assumptions.md`, and it keeps balances of its own (`ledger`) against which ours are checked.
"""
