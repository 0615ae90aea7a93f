"""What selection announces to the parts above, inside the same transaction."""

from blinker import signal

# sender: the Award its vendor has just accepted; actor: who accepted; bid: the Bid; requirement: what was awarded
award_accepted = signal("selection.award_accepted")
# sender: the RequirementVersion one side has put on the table; actor, award
requirement_refined = signal("selection.requirement_refined")
# sender: the RequirementConfirmation of one side; actor, award
requirement_confirmed = signal("selection.requirement_confirmed")
