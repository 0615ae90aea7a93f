"""Believable demo data, made by the real actions on a moved clock: a year in the life of the portal."""
