"""Many vendors written at once are just what the actions would have left."""

import psycopg
import pytest
from flask import Flask

from portal.catalog import directory
from portal.catalog.wanted import Wanted
from portal.demo.bulk import load_vendors, vocabulary
from portal.kit import tenancy
from portal.kit.db import db


@pytest.fixture
def loaded(app: Flask) -> None:
    url = app.config["PORTAL"].database_owner_url.replace("postgresql+psycopg://", "postgresql://")
    load_vendors(url, 40, 7, {}, lambda _words: None)


@pytest.mark.usefixtures("loaded")
class TestLoadVendors:
    def test_every_entry_is_what_working_it_out_gives(self) -> None:
        with tenancy.scope(tenancy.PUBLIC):
            assert directory.faults() == []
            db.session.rollback()

    def test_the_directory_has_all_its_indexes_again(self, superuser: psycopg.Connection) -> None:
        found = superuser.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'directory_entries'").fetchall()
        wanted = {index.name for index in directory.DirectoryEntry.__table__.indexes}  # type: ignore[attr-defined]
        assert wanted <= {name for (name,) in found}

    def test_common_words_are_found_more_often_than_rare_ones(self) -> None:
        words = list(vocabulary())
        with tenancy.scope(tenancy.PUBLIC):
            totals = [directory.search(Wanted(q=words[rank])).total for rank in (0, 100, 5000)]
            db.session.rollback()
        assert totals == sorted(totals, reverse=True)
        assert totals[0] > 20


def test_no_two_words_of_the_vocabulary_are_the_same() -> None:
    words = list(vocabulary())
    assert len(set(words)) == len(words) == 20_000
