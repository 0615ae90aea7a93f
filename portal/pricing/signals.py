"""What pricing announces to the parts above, inside the same transaction."""

from blinker import signal

# sender: the actor who imported exchange rates
rates_imported = signal("pricing.rates_imported")
