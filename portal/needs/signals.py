"""What needs announces to the parts above, inside the same transaction."""

from blinker import signal

# sender: the Requirement; actor: who published it
published = signal("needs.requirement_published")
# sender: the Requirement after it ended by its buyer's will; actor, reason
withdrawn = signal("needs.requirement_withdrawn")
