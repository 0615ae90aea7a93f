"""What implementation announces to the parts above, inside the same transaction."""

from blinker import signal

# sender: the Agreement whose service went live; actor: who accepted the go-live
went_live = signal("implementation.went_live")
