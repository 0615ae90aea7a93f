"""Monitoring: each month's figures against the targets, what end customers say, what the month cost."""
