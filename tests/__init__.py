"""Tests mirror the source: ``portal/<capability>``, ``blueprints/<audience>``, and journeys through both."""
