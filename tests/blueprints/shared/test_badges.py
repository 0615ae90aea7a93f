"""Badges, icons and differences: every state has a word and a picture that exists."""

from enum import StrEnum

import pytest
from markupsafe import Markup

from blueprints.shared.badges import BADGES, Badge, badge_for
from blueprints.shared.differences import word_diff
from blueprints.shared.icons import UnknownIcon, icon
from blueprints.shared.look import avatar_tone, initials


class KpiPeriodState(StrEnum):
    """As monitoring names its states."""

    REPORTED = "reported"


class TestBadge:
    @pytest.mark.parametrize(("noun", "state"), [(noun, state) for noun, states in BADGES.items() for state in states])
    def test_has_an_icon_that_exists_and_a_known_tone(self, noun, state):
        shown = badge_for(state, noun)
        assert "<svg" in icon(shown.icon)
        assert shown.tone in {"ok", "warn", "bad", "info", "mute", "accent"}

    def test_takes_its_noun_from_the_name_of_the_enum(self):
        assert badge_for(KpiPeriodState.REPORTED) == BADGES["kpi_period"]["reported"]

    def test_the_same_word_of_two_nouns_means_two_things(self):
        assert badge_for("open", "invoice") != badge_for("open", "company")

    def test_an_unknown_state_shows_its_own_word_quietly(self):
        assert badge_for("half_done", "invoice") == Badge("Half done", "circle", "mute")


class TestIcon:
    def test_is_hidden_from_screen_readers(self):
        assert 'aria-hidden="true"' in icon("bell")

    def test_escapes_its_classes(self):
        assert "<b>" not in icon("bell", 16, '"><b>')

    def test_an_unknown_name_is_refused(self):
        with pytest.raises(UnknownIcon, match="no-such-icon"):
            icon("no-such-icon")


class TestWordDiff:
    def test_marks_what_went_and_what_came(self):
        old, new = word_diff("From 10 agents", "From 5 agents")
        assert (old, new) == ("From <del>10</del> agents", "From <ins>5</ins> agents")

    def test_compares_chinese_by_character(self):
        assert word_diff("電話客服", "電話與客服")[1] == "電話<ins>與</ins>客服"

    def test_escapes_both_sides(self):
        old, new = word_diff("<script>", "<b>")
        assert "<script>" not in old
        assert "<b>" not in new
        assert isinstance(old, Markup)

    def test_nothing_against_something(self):
        assert word_diff(None, "new") == ("", "<ins>new</ins>")


class TestTile:
    @pytest.mark.parametrize(
        ("name", "letters"),
        [("Orrinfield Home", "OH"), ("翎禾客服", "翎"), ("Acme", "AC"), ("", "?"), ("& Sons", "SO")],
    )
    def test_initials(self, name, letters):
        assert initials(name) == letters

    def test_a_name_keeps_its_colour(self):
        assert avatar_tone("Vellaro Assist") == avatar_tone("Vellaro Assist")
