"""The moderators' queue: cases about what companies publish and do, decisions with reasons, appeals."""
