"""Billing: fee schedules of signed agreements, charges, invoices, payments, and the ledger behind them.

Invoices and books are the portal's own; a payment provider is only a rail. Amounts are integers of minor units. The
verbs are in `actions`, the reads in `queries`.
"""
