"""Fields of forms that are sent by GET."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

DIGITS = re.compile("[0-9]{1,15}")


class WholeNumberField(IntegerField):  # type: ignore[misc]
    """A whole number that says what to type when it is none, and keeps what was typed instead."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; nothing typed is None."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if typed and not DIGITS.fullmatch(typed):
            raise ValueError(_l("Write a whole number with the digits 0 to 9."))
        if typed:
            self.data = int(typed)

    def pre_validate(self, form: Form) -> None:
        """What is no number needs no word about its size as well."""
        if self.process_errors:
            raise StopValidation
