"""Vendor profiles, services with their published copies, standings, and the public directory."""
