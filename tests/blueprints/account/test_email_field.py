"""E-mail fields: what cannot be an address is refused, what may be one is left to the link that is sent there."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from blueprints.account.forms.fields import email_field


class Asking(Form):
    """A form with nothing but the field."""

    email = email_field("E-mail address")


class TestEmailField:
    @pytest.mark.parametrize("address", ["", "buyer", "buyer@", "@demo.test", "a b@demo.test", "a@b..test"])
    def test_refuses_what_cannot_be_an_address(self, address):
        form = Asking(MultiDict({"email": address}))
        assert not form.validate()
        assert str(form.email.errors[0]) == "Write an address such as name@company.example."

    @pytest.mark.parametrize("address", ["buyer@demo.test", "ines.carroway@orrinfield.co.uk", "客服@例子.中国"])
    def test_takes_addresses_of_demo_accounts_and_of_every_script(self, address):
        assert Asking(MultiDict({"email": address})).validate()
