"""Exact texts and signatures: what was shown is what is signed, byte for byte, and anybody can check it later."""
