"""Stage 2, choosing a partner: invitations, questions, sealed bids, opening, evaluation, award."""
