"""Reading a search from an address: everything that makes no sense is left out."""

from hypothesis import given
from hypothesis import strategies as st

from portal.catalog.search import Wanted, _read_mark

TEXTS = st.lists(st.text(max_size=8), max_size=4)


class TestWanted:
    @given(st.text(max_size=300), TEXTS, TEXTS, TEXTS, TEXTS, st.text(max_size=4), st.text(max_size=10))
    def test_any_address_gives_a_search(
        self, q: str, channels: list[str], languages: list[str], modes: list[str], industries: list[str],
        country: str, sort: str,
    ) -> None:  # fmt: skip
        wanted = Wanted.of(q, channels, languages, modes, industries, country, sort)
        assert len(wanted.q) <= 200 and wanted.sort in ("relevance", "name", "newest")
        assert not wanted.facets or all(":" in facet for facet in wanted.facets)

    def test_channels_and_languages_are_asked_for_together(self) -> None:
        wanted = Wanted.of(channels=["phone", "email"], languages=["de"], modes=["full"], country="pl")
        assert wanted.facets == ["m:full", "cl:phone/de", "cl:email/de", "k:PL"]

    def test_each_alone(self) -> None:
        assert Wanted.of(channels=["phone", "phone", "fax"]).facets == ["c:phone"]
        assert Wanted.of(languages=["de"]).facets == ["l:de"]


class TestMarks:
    @given(st.text(max_size=60))
    def test_no_mark_fails(self, mark: str) -> None:
        for kinds in (("bigint", "uuid"), ("text", "uuid"), ("timestamptz", "uuid"), ("bigint", "bigint", "uuid")):
            _read_mark(mark, kinds)
