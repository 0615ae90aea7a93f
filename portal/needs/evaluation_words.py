"""The rules of an evaluation in words, lazily translated."""

from flask_babel import lazy_gettext as _l

from portal.needs.evaluation_preview import Invented
from portal.needs.states import PriceBasis

BASIS_NAMES = {
    PriceBasis.BEFORE_CREDITS: _l("The total before expected service credits"),
    PriceBasis.AFTER_CREDITS: _l("The total after expected service credits"),
}
BASIS_SENTENCES = {
    PriceBasis.BEFORE_CREDITS: _l("A vendor that expects to miss its targets never looks cheaper."),
    PriceBasis.AFTER_CREDITS: _l("Credits that are likely to be paid back lower the price a bid is scored by."),
}

INVENTED_NAMES = {
    Invented.VERY_LOW: _l("Very low price"),
    Invented.CHEAP: _l("Cheap and weak"),
    Invented.MIDDLE: _l("Middle"),
    Invented.SOLID: _l("Solid"),
    Invented.STRONG: _l("Dear and strong"),
}
