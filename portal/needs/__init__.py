"""Needs (stage 1): what a buyer wants done, how much of it, how well, and by which criteria bids will be judged.

A requirement is written in steps that save as they go, and fixed by publication together with the forecast that
every bid is priced over. The verbs are in `portal.needs.actions`, the reads in `portal.needs.queries`. How many people
it takes is computed in `portal.needs.staffing`, what they cost in house in `portal.needs.in_house`.
"""
