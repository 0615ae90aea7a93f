"""Plans: due dates, submitting and accepting, and what acceptance sets in motion."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.implementation import actions
from portal.implementation import queries as plans
from portal.implementation.schedule import CircularPlan, add_working_days, due_dates
from portal.implementation.states import MILESTONE_MOVES, MilestoneState, Owner
from portal.implementation.templates import BY_MODE, GO_LIVE, NAMES, Step
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from portal.kit.states import can_move
from tests.factories import agreements as made
from tests.factories.needs import in_scope

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1))


class TestSchedule:
    def test_five_working_days_are_a_week(self) -> None:
        assert add_working_days(date(2026, 6, 5), 5) == date(2026, 6, 12)

    @given(DAYS, st.integers(1, 60))
    def test_a_due_day_is_a_working_day(self, start: date, days: int) -> None:
        assert add_working_days(start, days).weekday() < 5

    @pytest.mark.parametrize("mode", BY_MODE)
    @given(start=DAYS)
    def test_nothing_is_due_before_what_it_waits_for(self, mode: str, start: date) -> None:
        due = due_dates(BY_MODE[mode], start)
        assert all(due[step.code] > max((due[code] for code in step.after), default=start) for step in BY_MODE[mode])

    def test_a_circle_is_refused(self) -> None:
        with pytest.raises(CircularPlan):
            due_dates([Step("a", Owner.JOINT, 1, ("b",)), Step("b", Owner.JOINT, 1, ("a",))], date(2026, 1, 1))

    @pytest.mark.parametrize("mode", BY_MODE)
    def test_every_mode_trains_in_values_and_goes_live(self, mode: str) -> None:
        codes = {step.code for step in BY_MODE[mode]}
        assert {"culture", "training", GO_LIVE} <= codes <= set(NAMES)


@pytest.mark.parametrize("old", list(MilestoneState))
@pytest.mark.parametrize("new", list(MilestoneState))
def test_only_the_moves_of_the_table_are_possible(old: MilestoneState, new: MilestoneState) -> None:
    assert can_move(old, new, MILESTONE_MOVES) == (new in MILESTONE_MOVES.get(old, ()))


@pytest.mark.usefixtures("app")
class TestMilestones:
    def _act(self, deal, actor, code, act):  # type: ignore[no-untyped-def]
        milestone_id = next(id_ for known, _owner, id_ in made.plan(deal) if known == code)
        return made.within(
            actor, deal, lambda agreement: act(agreement, plans.milestone_for(actor, agreement, milestone_id))
        )

    def _submit(self, deal, actor, code, version=1):  # type: ignore[no-untyped-def]
        return self._act(
            deal,
            actor,
            code,
            lambda a, m: actions.submit_milestone(actor, a, m, shown="Minutes of the meeting.", version=version),
        )

    def test_a_stranger_finds_no_milestone(self) -> None:
        deal = made.make_signed()
        with pytest.raises(NotFound):
            self._submit(deal, deal.loser, "kick_off")

    def test_the_other_sides_work_cannot_be_submitted(self) -> None:
        deal = made.make_signed()
        made.reach(deal, "kick_off")
        with pytest.raises(Forbidden):
            self._submit(deal, deal.vendor, "knowledge")

    def test_what_comes_first_comes_first(self) -> None:
        deal = made.make_signed()
        with pytest.raises(Conflict, match="Kick-off"):
            self._submit(deal, deal.vendor, "recruitment")

    def test_an_empty_submission_is_refused_at_its_field(self) -> None:
        deal = made.make_signed()
        with pytest.raises(Invalid) as refusal:
            self._act(
                deal,
                deal.vendor,
                "kick_off",
                lambda a, m: actions.submit_milestone(deal.vendor, a, m, shown=" ", version=1),
            )
        assert refusal.value.field == "shown"

    def test_a_stale_page_cannot_submit(self) -> None:
        deal = made.make_signed()
        with pytest.raises(StaleVersion):
            self._submit(deal, deal.vendor, "kick_off", version=7)

    def test_nobody_accepts_their_own_submission(self) -> None:
        deal = made.make_signed()
        self._submit(deal, deal.vendor, "kick_off")
        with pytest.raises(Forbidden):
            self._act(deal, deal.vendor, "kick_off", lambda a, m: actions.accept_milestone(deal.vendor, a, m))

    def test_sent_back_it_can_be_submitted_again(self) -> None:
        deal = made.make_signed()
        self._submit(deal, deal.vendor, "kick_off")
        self._act(
            deal,
            deal.buyer,
            "kick_off",
            lambda a, m: actions.request_changes(deal.buyer, a, m, remark="Who escalates?"),
        )
        self._submit(deal, deal.vendor, "kick_off", version=3)
        self._act(deal, deal.buyer, "kick_off", lambda a, m: actions.accept_milestone(deal.buyer, a, m))

    def test_a_waiver_needs_both_and_never_covers_the_go_live(self) -> None:
        deal = made.make_signed()
        self._act(deal, deal.buyer, "security", lambda a, m: actions.waive_milestone(deal.buyer, a, m))
        with pytest.raises(Conflict):
            self._act(deal, deal.buyer, "security", lambda a, m: actions.waive_milestone(deal.buyer, a, m))
        self._act(deal, deal.vendor, "security", lambda a, m: actions.waive_milestone(deal.vendor, a, m))
        state = in_scope(
            deal.buyer, lambda: next(m.state for m in plans.milestones_of(deal.agreement) if m.code == "security")
        )
        assert state == "waived"
        with pytest.raises(Conflict):
            self._act(deal, deal.buyer, GO_LIVE, lambda a, m: actions.waive_milestone(deal.buyer, a, m))

    def test_acceptance_makes_the_one_time_fees_due_once(self, superuser) -> None:  # type: ignore[no-untyped-def]
        deal = made.make_signed()
        made.settle(deal, until="training")
        charged = superuser.execute(
            "SELECT line_code, fee_class, amount_minor FROM charges ORDER BY line_code"
        ).fetchall()
        assert charged == [("INT", "one_time", 800000), ("TRN", "one_time", 1200000)]

    def test_the_accepted_go_live_starts_service_billing_and_survey(self, superuser) -> None:  # type: ignore[no-untyped-def]
        deal = made.make_live()
        assert made.fresh(deal).go_live_at is not None
        assert superuser.execute("SELECT state, billed_from IS NOT NULL FROM fee_schedules").fetchone() == (
            "active",
            True,
        )
        assert superuser.execute("SELECT count(*) FROM surveys WHERE state = 'active'").fetchone() == (1,)
