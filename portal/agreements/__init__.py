"""Agreements: drafted from requirement and bid, signed by both, changed by change orders, ended in time."""
