"""The version that editing forms carry."""

import pytest
from werkzeug.datastructures import MultiDict

from blueprints.shared.forms import EditingForm


class TestVersionField:
    @pytest.mark.parametrize(("sent", "read"), [("7", 7), ("", None)])
    def test_an_empty_version_is_of_a_thing_not_stored_yet(self, app, sent, read):
        with app.test_request_context(method="POST"):
            form = EditingForm(MultiDict({"version": sent}), meta={"csrf": False})
            assert form.validate()
            assert form.version.data == read

    def test_what_is_no_number_is_refused(self, app):
        with app.test_request_context(method="POST"):
            assert not EditingForm(MultiDict({"version": "newest"}), meta={"csrf": False}).validate()
