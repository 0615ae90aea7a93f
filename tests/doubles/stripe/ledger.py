"""The double's own double-entry balances: the oracle that the portal's ledger is compared with.

It is written only where money moves at the provider (a charge, its fee, a transfer, a refund) and shares no code with
the portal. Accounts: `cardholders` (the outside world), `platform` (what the provider owes the account holder),
`provider_fees`, and each connected account under its own id.
Amounts are integers in the minor unit of their currency.
"""

from typing import Any


class Ledger:
    """An append-only journal and the balances that follow from it."""

    def __init__(self, journal: list[dict[str, Any]] | None = None) -> None:
        self.journal = journal or []

    def move(self, source: str, target: str, amount: int, currency: str, *, because: str) -> None:
        """Move a positive amount from one account to another."""
        if amount < 0:
            raise ValueError("the ledger moves positive amounts only")
        if amount:
            self.journal.append(
                {"from": source, "to": target, "amount": amount, "currency": currency, "because": because}
            )

    def balances(self) -> dict[str, dict[str, int]]:
        """Currency -> account -> balance; the balances of a currency sum to zero."""
        totals: dict[str, dict[str, int]] = {}
        for entry in self.journal:
            accounts = totals.setdefault(entry["currency"], {})
            accounts[entry["from"]] = accounts.get(entry["from"], 0) - entry["amount"]
            accounts[entry["to"]] = accounts.get(entry["to"], 0) + entry["amount"]
        return totals
