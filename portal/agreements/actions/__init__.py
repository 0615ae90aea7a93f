"""What the parties do with an agreement: draft, offer, counter, refuse, sign, change, end."""
