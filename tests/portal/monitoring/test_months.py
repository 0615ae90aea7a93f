"""Reported months: what is entered, handed over, objected to, agreed, and what billing makes of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import clock, jobs
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from portal.measures.figures import Verdict
from portal.measures.satisfaction import csat
from portal.monitoring import actions, figures_file, queries
from portal.monitoring.items import checked, items_of
from portal.monitoring.masking import HIDDEN, masked
from portal.monitoring.results import actual_month, month_index, results
from tests.factories import agreements as made
from tests.factories.needs import in_scope

PHONE = {"channel": "phone", "metric": "SL", "value": "80", "minimum": "75", "seconds": 20}
EMAIL = {"channel": "email", "metric": "FRT", "value": "90", "minimum": None, "seconds": 14400}
GOOD = {"answered": "950", "ans_in_T": "820", "abandoned": "50", "abandoned_in_T": "15", "handled": "950"}


class TestItems:
    def test_a_target_asks_for_what_its_formula_needs(self) -> None:
        assert items_of(PHONE) == (
            "answered",
            "ans_in_T",
            "abandoned",
            "abandoned_in_T",
            "handled",
            "talk_s",
            "hold_s",
            "acw_s",
        )

    def test_satisfaction_is_never_asked_of_the_vendor(self) -> None:
        assert items_of({**PHONE, "metric": "CSAT"}) == ("handled", "talk_s", "hold_s", "acw_s")

    @pytest.mark.parametrize("typed", ["", "-1", "x", "NaN", "1e9", "inf", "١٢", "1" * 20])
    def test_no_number_is_refused_at_its_item(self, typed: str) -> None:
        with pytest.raises(Invalid) as refusal:
            checked({"answered": typed})
        assert refusal.value.field == "answered"

    def test_more_within_the_time_than_at_all_is_impossible(self) -> None:
        with pytest.raises(Invalid) as refusal:
            checked({"answered": "10", "ans_in_T": "11"})
        assert refusal.value.field == "ans_in_T"


class TestFile:
    WANTED = {"phone": ("answered", "ans_in_T")}

    def test_rows_of_one_channel_are_summed(self) -> None:
        content = b"\xef\xbb\xbfans_in_T;Channel;answered\n400;phone;500\n420;phone;450\n\n"
        assert figures_file.read_figures(content, self.WANTED) == {"phone": {"answered": "950", "ans_in_T": "820"}}

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"\xff\xfe", "UTF-8"),
            (b"channel,answered\nphone,1\n", "Line 1: these columns are missing: ans_in_T"),
            (b"channel,answered,ans_in_T\nfax,1,1\n", "Line 2, column channel"),
            (b"channel,answered,ans_in_T\nphone,1,1\nphone,2,x\n", "Line 3"),
            (b"channel,answered,ans_in_T\nphone,1\n", "Line 2"),
        ],
    )
    def test_what_is_wrong_is_named_with_its_line(self, content: bytes, words: str) -> None:
        with pytest.raises(Invalid, match=words):
            figures_file.read_figures(content, self.WANTED)

    def test_the_empty_file_can_be_filled_in_and_read(self) -> None:
        written = figures_file.example(self.WANTED, self.WANTED)
        assert figures_file.read_figures(written.encode(), self.WANTED) == {"phone": {"answered": "0", "ans_in_T": "0"}}


class TestResults:
    def test_each_target_is_judged_by_its_own_formula(self) -> None:
        judged = results([PHONE, EMAIL], {"phone": GOOD}, None)
        assert [(r.verdict, r.value and round(r.value, 4)) for r in judged] == [
            (Verdict.MET, Decimal("83.2487")),
            (Verdict.NO_DATA, None),
        ]

    def test_equal_after_rounding_is_met(self) -> None:
        figures = {**GOOD, "answered": "100000", "ans_in_T": "79996", "abandoned": "0", "abandoned_in_T": "0"}
        assert results([PHONE], {"phone": figures}, None)[0].verdict == Verdict.MET

    def test_few_answers_are_no_ground_for_a_verdict(self) -> None:
        target = {**PHONE, "metric": "CSAT", "value": "85"}
        assert results([target], {}, csat([0, 0, 0, 0, 12]))[0].verdict == Verdict.NO_DATA
        assert results([target], {}, csat([0, 0, 0, 0, 40]))[0].verdict == Verdict.MET

    @given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 40))
    def test_months_are_counted_from_the_one_of_the_go_live(self, go_live: date, later: int) -> None:
        year, month = divmod(go_live.year * 12 + go_live.month - 1 + later, 12)
        assert month_index(go_live, date(year, month + 1, 1)) == later + 1

    def test_real_contacts_are_split_as_the_forecast_splits_them(self) -> None:
        rows = [
            {"channel": "phone", "lang": lang, "contacts": n, "aht_s": "200"}
            for lang, n in (("en", "750"), ("ja", "250"))
        ]
        scenario = {"name": "base", "months": [{"k": 1, "volumes": rows, "fte": "4"}]}
        month = actual_month({"scenario": scenario}, 3, {"phone": {"handled": "2000", "talk_s": "600000"}})
        assert month is not None and month.k == 3
        assert [(row.lang, row.contacts, row.aht_s) for row in month.volumes] == [("en", 1500, 300), ("ja", 500, 300)]


class TestMasking:
    @pytest.mark.parametrize("secret", ["ann@example.test", "+44 20 7946 0000", "4111 1111 1111 1111", "A123456789"])
    def test_what_identifies_somebody_is_hidden(self, secret: str) -> None:
        assert masked(f"Ask {secret} please") == f"Ask {HIDDEN} please"

    def test_ordinary_numbers_stay(self) -> None:
        assert masked("I waited 20 minutes on 3 days in 2026.") == "I waited 20 minutes on 3 days in 2026."


@pytest.mark.usefixtures("app")
class TestReport:
    def _month(self, deal) -> date:  # type: ignore[no-untyped-def]
        return in_scope(
            deal.vendor, lambda: queries.months_of(made.queries.agreement_for(deal.vendor, deal.agreement.id))[0]
        )

    def _over(self, deal) -> date:  # type: ignore[no-untyped-def]
        month = self._month(deal)
        now = in_scope(deal.vendor, clock.now)
        clock.move_to(now.replace(day=3) + timedelta(days=32))
        return month

    def test_a_stranger_and_the_buyer_cannot_report(self) -> None:
        deal = made.make_live()
        month = self._over(deal)
        with pytest.raises(Forbidden):
            made.within(
                deal.buyer,
                deal,
                lambda a: actions.save_month(
                    deal.buyer, a, month, figures=made.month_figures(a), source="typed", remark="", version=0
                ),
            )
        with pytest.raises(NotFound):
            made.within(deal.loser, deal, lambda a: queries.period_for(deal.loser, a, month))

    def test_a_month_outside_the_service_does_not_exist(self) -> None:
        deal = made.make_live()
        with pytest.raises(NotFound):
            made.within(deal.vendor, deal, lambda a: queries.period_for(deal.vendor, a, date(2020, 1, 1)))

    def test_the_running_month_can_be_entered_but_not_reported(self) -> None:
        deal = made.make_live()
        with pytest.raises(Conflict, match="not over"):
            made.report(deal, self._month(deal))

    def test_every_channel_needs_its_figures(self) -> None:
        deal = made.make_live()
        month = self._over(deal)
        with pytest.raises(Invalid):
            made.within(
                deal.vendor,
                deal,
                lambda a: actions.save_month(
                    deal.vendor, a, month, figures={"phone": {}}, source="typed", remark="", version=0
                ),
            )

    def test_reported_objected_corrected_agreed(self) -> None:
        deal = made.make_live()
        month = self._over(deal)
        made.report(deal, month)
        made.within(
            deal.buyer,
            deal,
            lambda a: actions.object_month(deal.buyer, a, month, objection="E-mail is missing.", version=2),
        )

        def correct(agreement, remark: str) -> None:  # type: ignore[no-untyped-def]
            actions.save_month(
                deal.vendor,
                agreement,
                month,
                figures=made.month_figures(agreement, handled=1200),
                source="typed",
                remark=remark,
                version=3,
            )

        with pytest.raises(Invalid):
            made.within(deal.vendor, deal, lambda a: correct(a, " "))
        made.within(deal.vendor, deal, lambda a: correct(a, "E-mail added."))
        made.within(deal.buyer, deal, lambda a: actions.agree_month(deal.buyer, a, month, version=4))
        state = in_scope(
            deal.buyer,
            lambda: (
                queries.period_for(deal.buyer, made.queries.agreement_for(deal.buyer, deal.agreement.id), month).state
            ),
        )
        assert state == "agreed"
        with pytest.raises(Conflict):
            made.within(deal.vendor, deal, lambda a: correct(a, "Once more."))

    def test_a_stale_page_cannot_agree(self) -> None:
        deal = made.make_live()
        month = self._over(deal)
        made.report(deal, month)
        with pytest.raises(StaleVersion):
            made.within(deal.buyer, deal, lambda a: actions.agree_month(deal.buyer, a, month, version=1))

    def test_the_reported_volumes_are_what_is_billed(self, superuser) -> None:  # type: ignore[no-untyped-def]
        deal = made.make_live()
        month = self._over(deal)
        jobs.run_due()
        assert superuser.execute("SELECT count(*) FROM charges WHERE fee_class = 'operating'").fetchone() == (0,)
        made.report(deal, month, handled=900)
        jobs.run_due()
        hours = superuser.execute("SELECT quantity, basis FROM charges WHERE line_code = 'HOUR'").fetchone()
        # 900 calls and 900 e-mails at 300 s, a billed hour being 80 % busy.
        assert hours is not None and (Decimal(hours[0]), hours[1]) == (Decimal("187.5"), "reported")

    def test_an_unreported_month_is_billed_by_its_forecast_after_ten_days(self, superuser) -> None:  # type: ignore[no-untyped-def]
        deal = made.make_live()
        self._over(deal)
        clock.move_to(in_scope(deal.vendor, clock.now) + timedelta(days=12))
        jobs.run_due()
        assert superuser.execute("SELECT DISTINCT basis FROM charges WHERE fee_class = 'operating'").fetchall() == [
            ("forecast",)
        ]
