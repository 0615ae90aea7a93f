"""Staffing: how many people a service needs, from contacts, handle times, targets and hours of cover. Pure.

Where to find what, from the bottom up: `erlang` (Erlang B and C, service level, ASA, occupancy), `chat` (several
conversations at once), `deferred` (e-mail, tickets, backlogs), `worktime` (shrinkage, paid hours, FTE), `coverage`
(hours of cover, clock changes, holidays), `patterns` (seasons, weekdays, profile of the day), `arrivals` (contacts
of a group by interval), `figures` (staffed intervals and their sums), `plan` (all groups, by day, week and month),
`split` (languages and the two sides of a partial outsourcing, with the loss of pooling), `sensitivity` (what if)
and `limits` (what the model does not know). What leads here stands beside it in `portal.needs`: `demands` (a stored
requirement), `interval_days` and `interval_patterns` (a file of contacts); `scenarios` leads on to pricing.
"""
