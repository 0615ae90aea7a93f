"""What selection announces to the parts above, inside the same transaction."""

from blinker import signal

# sender: the Award its vendor has just accepted; actor: who accepted; bid: the Bid; requirement: what was awarded
award_accepted = signal("selection.award_accepted")
