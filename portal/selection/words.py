"""The words of selection for pages, lazily translated."""

from flask_babel import lazy_gettext as _l

from portal.selection.states import CheckOutcome

OUTCOME_NAMES = {
    CheckOutcome.MET: _l("Met"),
    CheckOutcome.UNCLEAR: _l("To be clarified"),
    CheckOutcome.FAILED: _l("Not met"),
}

# Kept in the evidence in English, and shown through these in the reader's language.
REASONS = (
    _l("Next in rank after an award that was not accepted."),
    _l("No bidder accepted the award."),
    _l("Fewer bids than asked for had arrived at the deadline."),
)
