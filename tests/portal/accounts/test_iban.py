"""Check digits of bank account numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.iban import is_iban


@pytest.mark.parametrize(
    "value", ["GB82 WEST 1234 5698 7654 32", "de89370400440532013000", "FR1420041010050500013M02606"]
)
def test_examples_of_the_standard_are_accepted(value):
    assert is_iban(value)


@pytest.mark.parametrize(
    "value", ["", "GB82", "GB82 WEST 1234 5698 7654 33", "82GBWEST12345698765432", "GB82WEST1234569876543٢"]
)
def test_what_is_no_iban_is_refused(value):
    assert not is_iban(value)


@given(st.integers(0, 21), st.characters(whitelist_categories=["Nd"], max_codepoint=127))
def test_one_mistyped_digit_is_found(position, digit):
    right = "DE89370400440532013000"
    wrong = right[:position] + digit + right[position + 1 :]
    assert is_iban(wrong) == (wrong == right)
