"""The words of selection for pages, lazily translated."""

from flask_babel import lazy_gettext as _l

from portal.pricing.price_score import PriceFormula

FORMULA_NAMES = {
    PriceFormula.RELATIVE: _l("Relative lowest price"),
    PriceFormula.LINEAR: _l("Linear from the lowest price"),
    PriceFormula.BUDGET: _l("Against the budget"),
    PriceFormula.PER_QUALITY_POINT: _l("Price per quality point"),
    PriceFormula.RANK: _l("Sum of ranks"),
}

SCORE_WORDS = {
    0: _l("No answer, or not acceptable"),
    1: _l("Major gaps"),
    2: _l("Partly meets it"),
    3: _l("Meets it"),
    4: _l("Meets it fully, with evidence"),
    5: _l("Exceeds it, added value shown"),
}

# Kept in the evidence in English, and shown through these in the reader's language.
REASONS = (
    _l("Next in rank after an award that was not accepted."),
    _l("No bidder accepted the award."),
    _l("Fewer bids than asked for had arrived at the deadline."),
)
