"""Price formulas and tie rules in words, lazily translated, for whoever chooses them and whoever bids under them."""

from flask_babel import lazy_gettext as _l

from portal.pricing.price_score import PriceFormula, TieRule

FORMULA_NAMES = {
    PriceFormula.RELATIVE: _l("Relative lowest price"),
    PriceFormula.LINEAR: _l("Linear from the lowest price"),
    PriceFormula.BUDGET: _l("Against the budget"),
    PriceFormula.PER_QUALITY_POINT: _l("Price per quality point"),
    PriceFormula.RANK: _l("Sum of ranks"),
}

FORMULA_SENTENCES = {
    PriceFormula.RELATIVE: _l(
        "The lowest price gets all points; another gets them in the ratio of the lowest price to its own."
    ),
    PriceFormula.LINEAR: _l(
        "The lowest price gets all points; each percent above it costs one percent of them, and twice the lowest gets"
        " none."
    ),
    PriceFormula.BUDGET: _l(
        "Points fall evenly from a price that gets all to a price that gets none. Other bids do not move them."
    ),
    PriceFormula.PER_QUALITY_POINT: _l(
        "Price gets no points: the price divided by the quality points decides, and the lowest figure wins. The weight"
        " of the price plays no part."
    ),
    PriceFormula.RANK: _l(
        "Each bid's rank by price and rank by quality are added, and the lowest sum wins. How far bids lie apart, and"
        " the weight of the price, play no part."
    ),
}

TIE_NAMES = {
    TieRule.QUALITY: _l("Higher quality, then lower price, then the earlier submission"),
    TieRule.PRICE: _l("Lower price, then higher quality, then the earlier submission"),
    TieRule.TIME: _l("The earlier submission"),
    TieRule.LOT: _l("A lot is drawn"),
}
