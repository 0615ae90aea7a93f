"""What needs announces to the parts above, inside the same transaction."""

from blinker import signal

# sender: the Requirement; actor: who published it
published = signal("needs.requirement_published")
# sender: the Requirement after it ended by its buyer's will; actor, reason
withdrawn = signal("needs.requirement_withdrawn")
# sender: the Requirement after its content has changed; actor, version: the RequirementVersion now in force, changes:
# what differs from the one before. Bids submitted before have to be confirmed again where `version.is_material`
amended = signal("needs.requirement_amended")
