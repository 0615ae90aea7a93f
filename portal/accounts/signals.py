"""What accounts announce to the parts above, inside the same transaction."""

from blinker import signal

# sender: the Company after its state changed; actor: who did it; reason: why, in words for the company
company_moved = signal("accounts.company_moved")

# sender: the Company under its new name; actor: who gave it, staff among them; before: the name and slug it had
company_renamed = signal("accounts.company_renamed")
