"""What agreements announce to the parts above, inside the same transaction."""

from blinker import signal

# sender: the Agreement both sides have signed; actor: who signed last
activated = signal("agreements.activated")
# sender: the Agreement that has expired or was terminated; actor: who or what ended it
ended = signal("agreements.ended")
