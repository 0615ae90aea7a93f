"""Setting an evaluation up: scales, must-haves, rules, what is refused where, and the preview on invented bids."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Invalid
from portal.needs import evaluation_preview as invented
from portal.needs.actions import save_step
from portal.needs.actions.step_criteria import checked_criteria
from portal.needs.actions.step_evaluation import MAX_KNOCK_OUTS, checked_knock_outs, checked_rules
from portal.needs.criteria import DEFAULT, USUAL_SCALE
from portal.needs.evaluation import Choices
from portal.needs.models import Criterion
from portal.needs.queries import criteria_of, evaluation_of, knock_outs_of
from portal.needs.states import PriceBasis, Step
from portal.pricing.price_score import PriceFormula, TieRule
from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.needs import in_scope, judged_by, make_requirement, publish


def usual():
    return [Criterion(**row) for row in checked_criteria(judged_by()["criteria"])]


class TestScales:
    @pytest.mark.parametrize("anchors", [None, [str(words) for words in USUAL_SCALE]])
    def test_the_usual_words_are_not_stored_so_that_each_reads_them_in_its_language(self, anchors):
        rows = judged_by()["criteria"]
        rows[0]["anchors"] = anchors
        assert checked_criteria(rows)[0]["anchors"] == []

    def test_words_of_its_own_are_kept(self):
        rows = judged_by()["criteria"]
        rows[0]["anchors"] = [" none", *"bcde", "Twenty years"]
        assert checked_criteria(rows)[0]["anchors"] == ["none", *"bcde", "Twenty years"]

    @pytest.mark.parametrize(
        ("anchors", "field"), [(["a", "b", "", "d", "e", "f"], "anchor_1_2"), (["a"], "anchor_1_1")]
    )
    def test_a_missing_anchor_is_named(self, anchors, field):
        rows = judged_by()["criteria"]
        rows[0]["anchors"] = anchors
        with pytest.raises(Invalid) as refused:
            checked_criteria(rows)
        assert refused.value.field == field

    @pytest.mark.parametrize("minimum", [-1, 6, "3"])
    def test_a_minimum_off_the_scale_is_refused(self, minimum):
        with pytest.raises(Invalid) as refused:
            checked_criteria(judged_by(minimum=minimum)["criteria"])
        assert refused.value.field == "minimum_1"


class TestMustHaves:
    @pytest.mark.parametrize(
        ("titles", "field"),
        [
            ([""], "knock_title_1"),
            (["Insured", "INSURED"], "knock_title_2"),
            (["x" * 161], "knock_title_1"),
            ([f"Must {n}" for n in range(MAX_KNOCK_OUTS + 1)], f"knock_title_{MAX_KNOCK_OUTS + 1}"),
        ],
    )
    def test_what_makes_no_sense_is_refused_at_its_row(self, titles, field):
        with pytest.raises(Invalid) as refused:
            checked_knock_outs({"title": title} for title in titles)
        assert refused.value.field == field


class TestRules:
    def test_nothing_said_is_the_default(self):
        assert checked_rules({}) == Choices()

    @pytest.mark.parametrize(
        ("rules", "field"),
        [
            ({"formula": "cheapest"}, "formula"),
            ({"formula": "budget"}, "budget"),
            ({"formula": "budget", "budget_minor": 0}, "budget"),
            ({"formula": "budget", "budget_minor": 500, "floor_minor": 500}, "floor"),
            ({"formula": "budget", "budget_minor": 500, "floor_minor": -1}, "floor"),
            ({"tie_rule": "coin"}, "tie_rule"),
            ({"price_basis": "guess"}, "price_basis"),
            ({"quality_minimum": 0}, "quality_minimum"),
            ({"quality_minimum": 101}, "quality_minimum"),
        ],
    )
    def test_a_rule_out_of_range_is_refused_at_its_field(self, rules, field):
        with pytest.raises(Invalid) as refused:
            checked_rules(rules)
        assert refused.value.field == field

    def test_amounts_are_kept_only_for_the_formula_that_needs_them(self):
        kept = checked_rules({"formula": "linear", "budget_minor": 5, "floor_minor": 9})
        assert (kept.budget_minor, kept.floor_minor) == (None, None)


@pytest.mark.usefixtures("app")
class TestSaving:
    RULES = {
        "formula": "budget",
        "budget_minor": 90_000_000,
        "floor_minor": 50_000_000,
        "tie_rule": "price",
        "quality_minimum": 60,
        "two_envelopes": True,
        "pseudonyms": True,
        "consensus": False,
        "price_basis": "after_credits",
    }

    def buyer(self):
        company = make_company("buyer")
        return actor_for(make_person(company), company)

    def test_choices_are_kept_and_read_again(self):
        buyer = self.buyer()
        draft = make_requirement(buyer, evaluation=judged_by("Insured", "Certified", **self.RULES))
        with tenancy.scope(buyer.scope):
            assert evaluation_of(draft) == Choices(
                PriceFormula.BUDGET,
                90_000_000,
                50_000_000,
                TieRule.PRICE,
                60,
                True,
                True,
                False,
                PriceBasis.AFTER_CREDITS,
            )
            assert [one.title for one in knock_outs_of(draft)] == ["Insured", "Certified"]
            db.session.rollback()

    def test_a_refused_step_stores_nothing(self):
        buyer = self.buyer()
        draft = make_requirement(buyer, evaluation=judged_by("Insured", formula="linear"))
        wrong = judged_by("Other", formula="rank")
        wrong["criteria"][0]["weight"] = 20

        def save():
            save_step(buyer, draft, Step.CRITERIA, wrong, version=draft.version)

        with pytest.raises(Invalid, match="add up to 105"):
            in_scope(buyer, save)
        with tenancy.scope(buyer.scope):
            assert evaluation_of(draft).formula is PriceFormula.LINEAR
            assert [one.title for one in knock_outs_of(draft)] == ["Insured"]
            assert criteria_of(draft)[0].weight == 15
            db.session.rollback()

    def test_publication_fixes_everything_and_puts_it_into_the_evidence(self):
        buyer = self.buyer()
        draft = make_requirement(buyer, evaluation=judged_by("Insured", **self.RULES))
        live = publish(buyer, draft)
        written = json.loads(execute("SELECT payload FROM evidence_entries WHERE kind = 'published'")[0].payload)
        document = written["document"]
        assert document["rules"][0]["formula"] == "budget" and document["knock_outs"][0]["title"] == "Insured"
        assert len(document["criteria"][0]["anchors"] or written["usual_scale"]) == 6
        with pytest.raises(Conflict):
            in_scope(buyer, lambda: save_step(buyer, live, Step.CRITERIA, judged_by(), version=live.version))

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE evaluation_rules SET formula = 'linear', budget_minor = NULL",
            "DELETE FROM knock_outs",
            "UPDATE criteria SET anchors = '[]'",
        ],
    )
    def test_not_even_a_statement_changes_it_afterwards(self, statement):
        buyer = self.buyer()
        publish(buyer, make_requirement(buyer, evaluation=judged_by("Insured", **self.RULES)))
        with tenancy.scope(buyer.scope):
            assert db.session.execute(db.text(statement)).rowcount == 0
            db.session.rollback()

    def test_only_vendors_read_it_and_only_once_published(self):
        buyer = self.buyer()
        draft = make_requirement(buyer, evaluation=judged_by("Insured", **self.RULES))
        seen = []
        for kind in ("vendor", "buyer"):
            company = make_company(kind)
            stranger = actor_for(make_person(company), company)
            for act in (lambda: None, lambda: publish(buyer, draft)):
                if kind == "vendor":
                    act()
                with tenancy.scope(stranger.scope):
                    seen.append((len(knock_outs_of(draft)), evaluation_of(draft).quality_minimum))
                    db.session.rollback()
        assert seen == [(0, None), (1, 60), (0, None), (0, None)]


class TestPreview:
    SCALE = 50_000_000

    def test_the_invented_bids_are_as_large_as_the_service(self):
        found = invented.preview(usual(), Choices(), self.SCALE)
        assert all(0.5 < bid.price_minor / self.SCALE < 1.5 for bid in found.bids)
        assert [bid.kind for bid in found.bids if bid.asks_why] == [invented.Invented.VERY_LOW]

    def test_the_formula_can_change_who_leads_and_that_is_told(self):
        found = invented.preview(usual(), Choices(), self.SCALE)
        assert len(set(found.robustness.by_formula.values())) > 1
        assert not found.robustness.is_robust

    def test_minimums_keep_invented_bids_out_of_the_ranking_and_of_the_lowest_price(self):
        found = invented.preview(usual(), Choices(quality_minimum=60), self.SCALE)
        out = [bid.kind for bid in found.bids if bid.below_quality]
        assert out == [invented.Invented.VERY_LOW, invented.Invented.CHEAP]
        assert found.ranking.scores.lowest == min(bid.price_minor for bid in found.bids if bid.is_ranked)

    def test_a_budget_is_assumed_only_while_none_is_chosen(self):
        assert invented.preview(usual(), Choices(), self.SCALE).assumes_budget
        chosen = Choices(PriceFormula.BUDGET, 60_000_000, 20_000_000)
        found = invented.preview(usual(), chosen, self.SCALE)
        assert not found.assumes_budget and found.rules.budget == 60_000_000

    @given(st.sampled_from(PriceFormula), st.sampled_from(TieRule), st.integers(1, 10**14), st.integers(1, 100))
    def test_any_choice_can_be_tried(self, formula, tie_rule, scale, minimum):
        choices = Choices(formula, 2 * scale, scale // 2, tie_rule, minimum)
        found = invented.preview(usual(), choices, scale)
        assert len(found.bids) == len(invented.Invented)
        assert len(found.ranking.ranked) == len(found.candidates)

    @pytest.mark.parametrize(
        ("known", "fte", "months", "dollar", "expected"),
        [
            ((None, 0, 700), Decimal(5), 12, Decimal(100), 700),
            ((), Decimal("5.3"), 24, Decimal(100), 33_000_000),
            ((), Decimal(0), None, Decimal(1), 310_000),
        ],
    )
    def test_the_scale_is_what_the_buyer_named_or_a_usual_price(self, known, fte, months, dollar, expected):
        assert invented.scale_of(known, fte, months, dollar) == expected


def test_the_usual_criteria_add_up():
    assert sum(one.weight for one in DEFAULT) == 100
