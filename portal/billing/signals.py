"""What billing announces to the parts above, inside the same transaction."""

from blinker import signal

# sender: the Invoice after it was issued; actor: who did it
invoice_issued = signal("billing.invoice_issued")
# sender: the Invoice after money was applied to it; actor: who or whose job did it
invoice_settled = signal("billing.invoice_settled")
