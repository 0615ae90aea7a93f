"""What the catalog announces to the parts above, inside the same transaction."""

from blinker import signal

# sender: the Service after it was sent in, with its `submitted` copy; actor: who sent it
service_submitted = signal("catalog.service_submitted")
# sender: the Service after its vendor took it back; actor: who did
service_taken_back = signal("catalog.service_taken_back")
