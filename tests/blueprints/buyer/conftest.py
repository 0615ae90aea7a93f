"""Who asks for the pages of buyers."""

import pytest
from flask.testing import FlaskClient

from portal.accounts.actor import Actor
from tests.factories.accounts import actor_for, make_company, make_person, sign_in


@pytest.fixture
def buyer(client: FlaskClient) -> Actor:
    """Somebody of a buyer company, signed in with `client`."""
    company = make_company("buyer")
    person = make_person(company)
    sign_in(client, person)
    return actor_for(person, company)
