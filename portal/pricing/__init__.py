"""Rate cards, forecasts of volume, and what one costs under the other.

`values` holds the plain values, `documents` reads and writes them as JSON, `total_cost` prices a whole term and
`charges` one month of it. A bid's forecast and an invoice's actual month run through the same functions.
"""
