"""Ratings that both sides of a real engagement give each other, hidden until both have spoken."""
