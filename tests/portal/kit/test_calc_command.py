"""``flask calc``: documents in, documents out, refusals on standard error."""

import json

import pytest
from click.testing import CliRunner

from portal.kit.calc_command import calc_command
from portal.kit.calculators import calculator
from portal.measures import calculators as measure_calculators  # noqa: F401 - registers a calculator
from portal.pricing import calculators as pricing_calculators  # noqa: F401 - registers a calculator
from portal.reviews import calculators as rating_calculators  # noqa: F401 - registers a calculator
from portal.selection import calculators as price_calculators  # noqa: F401 - registers a calculator

NPS = {"kind": "nps", "promoters": 2, "passives": 1, "detractors": 1}


def run(*arguments, given=""):
    return CliRunner().invoke(calc_command, arguments, input=given)


class TestCalc:
    def test_one_document_gives_one(self):
        result = run("survey", given=json.dumps(NPS))
        assert (result.exit_code, json.loads(result.stdout)["nps"]) == (0, "25.0000")

    def test_a_list_gives_a_list(self):
        result = run("survey", given=json.dumps([NPS, NPS]))
        assert [one["nps"] for one in json.loads(result.stdout)] == ["25.0000", "25.0000"]

    @pytest.mark.parametrize(
        ("given", "names"),
        [
            ('{"kind": "nps"}', "promoters"),
            (json.dumps([NPS, NPS | {"passives": -1}]), "[1].passives"),
            ("[3]", "[0]"),
            ("not json", "JSON"),
            ('{"kind": NaN}', "NaN"),
            (b"\xff\xfe", "UTF-8"),
        ],
    )
    def test_a_refused_input_exits_with_2_and_names_the_field(self, given, names):
        result = run("survey", given=given)
        assert (result.exit_code, result.stdout) == (2, "")
        assert names in result.stderr

    @pytest.mark.parametrize("name", ["total-cost", "price-score", "survey", "rating"])
    def test_each_calculator_prints_its_schema(self, name):
        result = run(name, "--schema")
        assert result.exit_code == 0
        assert json.loads(result.stdout)["additionalProperties"] is False

    def test_an_unknown_calculator_exits_with_2(self):
        assert run("divination").exit_code == 2

    def test_help_lists_the_calculators_with_what_they_do(self):
        assert "Price a rate card over a scenario" in run("--help").stdout

    def test_two_calculators_cannot_share_a_name(self):
        with pytest.raises(LookupError, match="survey"):
            calculator("survey", schema={})(lambda document: document)
