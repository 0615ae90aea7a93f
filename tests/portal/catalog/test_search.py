"""Reading a search from an address: everything that makes no sense is left out."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.catalog.facets import offer_of, steps_of
from portal.catalog.marks import read_mark
from portal.catalog.wanted import SORTS, Wanted

TEXTS = st.lists(st.text(max_size=8), max_size=4)
MANY = ("channel", "language", "mode", "industry", "security")
ONE = ("q", "country", "max_rate", "rating", "seats", "sort")


class TestWanted:
    @given(
        st.fixed_dictionaries({name: st.text(max_size=300) for name in ONE}),
        st.fixed_dictionaries(dict.fromkeys(MANY, TEXTS)),
    )
    def test_any_address_gives_a_search(self, one: dict[str, str], many: dict[str, list[str]]) -> None:
        wanted = Wanted.of(one, many)
        assert len(wanted.q) <= 200 and wanted.sort in SORTS
        assert all(":" in facet for facet in wanted.facets)

    def test_every_filter_is_a_facet(self) -> None:
        wanted = Wanted.of(
            {"country": "pl", "max_rate": "20", "rating": "4.5", "seats": "50"},
            {"channel": ["phone", "phone", "fax"], "language": ["de"], "mode": ["full"], "security": ["iso27001"]},
        )
        assert wanted.facets == ["c:phone", "l:de", "m:full", "s:iso27001", "k:PL", "p:20", "r:4.5", "f:50"]

    def test_a_rate_between_two_steps_is_asked_of_the_price_itself(self) -> None:
        wanted = Wanted.of({"max_rate": "17"}, {})
        assert wanted.over_steps and wanted.facets == []

    def test_steps_that_do_not_exist_are_left_out(self) -> None:
        assert Wanted.of({"rating": "4.7", "seats": "7", "max_rate": "-3"}, {}) == Wanted()


class TestFacets:
    def test_an_offer_holds_each_facet_between_blanks(self) -> None:
        service = {"channels": ["phone"], "languages": [{"code": "de"}], "modes": ["full"], "industries": ["retail"]}
        assert offer_of(service) == " c:phone i:retail l:de m:full "

    def test_an_entry_carries_every_step_it_reaches(self) -> None:
        assert steps_of(hourly_minor=1500, rating=Decimal("4.2"), seats=60) == [
            "p:15", "p:20", "p:30", "p:50", "r:4", "r:3.5", "r:3", "f:10", "f:25", "f:50",
        ]  # fmt: skip

    def test_what_is_unknown_reaches_no_step(self) -> None:
        assert steps_of(hourly_minor=None, rating=None, seats=None) == []


class TestMarks:
    @given(st.text(max_size=60))
    def test_no_mark_fails(self, mark: str) -> None:
        for kinds in (("bigint", "uuid"), ("text", "uuid"), ("timestamptz", "uuid"), ("bigint", "bigint", "uuid")):
            read_mark(mark, kinds)
