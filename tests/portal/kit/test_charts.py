"""Charts: what is drawn, what is said about it, and that the table holds the same figures."""

from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import charts
from portal.kit.charts.canvas import round_step, scale_around, scale_from_zero

figures = st.decimals(min_value=0, max_value=10**9, places=2)
ONE_TIME, OPERATING, EXTRA = "One-time", "Operating", "Extra"


def parsed(chart: charts.Chart) -> ElementTree.Element:
    """The drawing, which must be well-formed XML."""
    return ElementTree.fromstring(chart.svg)


def rectangles(chart: charts.Chart, of_class: str) -> list[ElementTree.Element]:
    """All rectangles of one CSS class."""
    return [each for each in parsed(chart).iter("rect") if of_class in each.get("class", "").split()]


def all_kinds() -> list[charts.Chart]:
    """One chart of every kind, with a hostile label."""
    label, names = 'Calls "<by> month" & more', ["May", "<June>"]
    series = [charts.Series("one_time", ONE_TIME, [4, 2]), charts.Series("extra", EXTRA, [1, None])]
    limits = charts.Limits(2, 1, 3, "Mean", "Lower", "Upper")
    return [
        charts.columns(names, [1, 2], label=label, peak="Peak"),
        charts.stacked_columns(names, series, label=label, target=5, target_name="In-house"),
        charts.stacked_columns(names, series, label=label, compact=True, high=10),
        charts.grouped_bars(names, series, label=label),
        charts.share_bar([("one_time", ONE_TIME, 1), ("extra", EXTRA, 3)], label=label),
        charts.stacked_rows(names, series, label=label),
        charts.difference_bars([("a", 1), ("b", -2)], label=label, left="<", right=">"),
        charts.score_bar(3, 5, label=label),
        charts.line(names, [1, None], label=label, target=2, counts=[10, 12]),
        charts.sparkline([1, 2], label=label, target=1),
        charts.steps(names, [3, 4], label=label),
        charts.control_chart(names, [2, 9], limits, label=label, target=1, target_name="Target", signals={1: "<high>"}),
    ]


class TestAxis:
    def test_long_figures_get_a_wider_margin(self):
        short, long = (charts.columns(["May"], [top], label="Calls") for top in (900, 1_000_000))
        assert "has-wide-figures" not in short.svg and "has-wide-figures" in long.svg


class TestEveryChart:
    @pytest.mark.parametrize("chart", all_kinds(), ids=range(12))
    def test_is_one_image_with_its_sentence(self, chart):
        root = parsed(chart)
        assert root.get("role") == "img"
        assert root.get("aria-label") == 'Calls "<by> month" & more'

    @pytest.mark.parametrize("chart", all_kinds(), ids=range(12))
    def test_has_no_inline_style_and_no_script(self, chart):
        assert all("style" not in each.attrib for each in parsed(chart).iter())
        assert "<script" not in chart.svg
        assert "<June>" not in chart.svg

    @pytest.mark.parametrize("chart", all_kinds(), ids=range(12))
    def test_has_a_table_with_as_many_cells_as_heads(self, chart):
        assert chart.as_table.rows
        assert {len(row) for row in chart.as_table.rows} == {len(chart.as_table.head)}


class TestStackedColumns:
    def test_extra_costs_are_always_hatched(self):
        chart = charts.stacked_columns(["1"], [charts.Series("extra", EXTRA, [5])], label="Cost.")
        assert len(rectangles(chart, "is-hatched")) == 1

    def test_an_empty_month_draws_nothing(self):
        chart = charts.stacked_columns(["1", "2"], [charts.Series("operating", OPERATING, [0, None])], label="Cost.")
        assert rectangles(chart, "c2") == []
        assert chart.as_table.rows == (("1", "0"), ("2", "–"))

    @given(st.lists(figures, min_size=1, max_size=36))
    def test_columns_stand_in_proportion_on_zero(self, values):
        chart = charts.stacked_columns(
            [str(i) for i in range(len(values))], [charts.Series("operating", "x", values)], label="Cost."
        )
        drawn = [(float(each.get("y")), float(each.get("height"))) for each in rectangles(chart, "c2")]
        assert len(drawn) == sum(value > 0 for value in values)
        assert all(abs(y + tall - 194) < 0.02 for y, tall in drawn)
        assert all(tall <= 178.02 for _y, tall in drawn)

    def test_two_charts_share_a_scale(self):
        low = charts.stacked_columns(["1"], [charts.Series("operating", "x", [50])], label="A.", high=100)
        full = charts.stacked_columns(["1"], [charts.Series("operating", "x", [100])], label="B.", high=100)
        heights = [float(rectangles(each, "c2")[0].get("height")) for each in (low, full)]
        assert heights[1] == pytest.approx(2 * heights[0], abs=0.02)


class TestShareBar:
    @given(st.lists(figures, min_size=1, max_size=5).filter(lambda values: sum(values) > 0))
    def test_parts_never_leave_the_bar(self, values):
        chart = charts.share_bar([("compare", str(i), value) for i, value in enumerate(values)], label="Shares.")
        last = rectangles(chart, "c4")[-1]
        assert float(last.get("x")[:-1]) + float(last.get("width")[:-1]) <= 100.4

    def test_nothing_at_all_leaves_it_empty(self):
        assert rectangles(charts.share_bar([("compare", "a", 0)], label="Nothing."), "c4") == []


class TestLine:
    def test_a_missing_month_breaks_the_line(self):
        chart = charts.line(["a", "b", "c"], [1, None, 3], label="Line.")
        assert len(list(parsed(chart).iter("polyline"))) == 2
        assert chart.as_table.rows[1] == ("b", "–")

    def test_counts_are_shown_and_tabled(self):
        chart = charts.line(["a", "b"], [1, 2], label="Line.", counts=[1200, 31], count_name="n")
        assert chart.as_table.rows[0] == ("a", "1", "1,200")
        assert "1,200" in chart.svg


class TestControlChart:
    def test_a_signal_is_a_diamond_with_its_words(self):
        limits = charts.Limits(Decimal("78.38"), Decimal("76.17"), Decimal("80.59"), "Mean", "Lower", "Upper")
        chart = charts.control_chart(
            ["Sep", "Oct"], [Decimal("78.5"), Decimal("74.1")], limits, label="FCR.", signals={1: "below"}
        )
        assert [each.get("class") for each in parsed(chart).iter("path")] == ["signal"]
        assert len(list(parsed(chart).iter("circle"))) == 1
        assert ">below<" in chart.svg

    def test_labels_of_near_limits_do_not_touch(self):
        limits = charts.Limits(50, Decimal("49.9"), Decimal("50.1"), "Mean", "Lower", "Upper")
        chart = charts.control_chart(["a", "b"], [0, 100], limits, label="Near.", target=50, target_name="Target")
        heights = sorted(float(each.get("y")) for each in parsed(chart).iter("text") if each.get("dx") == "8")
        assert all(after - before >= 14.9 for before, after in pairwise(heights))


class TestScales:
    @given(st.lists(figures, min_size=1, max_size=40))
    def test_from_zero_holds_every_figure_under_few_lines(self, values):
        scale = scale_from_zero(values, 10, 200)
        assert scale.low == 0
        assert all(10 - 0.01 <= scale.y(value) <= 200.01 for value in values)
        assert len(scale.ticks()) <= 6

    @given(st.lists(st.decimals(min_value=-1000, max_value=1000, places=2), min_size=1, max_size=40))
    def test_around_holds_every_figure(self, values):
        scale = scale_around(values, 10, 200)
        assert all(10 - 0.01 <= scale.y(value) <= 200.01 for value in values)

    @given(st.lists(st.integers(min_value=0, max_value=100), min_size=1, max_size=20))
    def test_percentages_have_no_axis_beyond_a_hundred(self, values):
        scale = scale_around(values, 10, 200, 100)
        assert scale.high <= 100
        assert all(10 - 0.01 <= scale.y(value) <= 200.01 for value in values)

    @given(st.floats(min_value=1e-6, max_value=1e12))
    def test_steps_are_round_and_not_below(self, rough):
        step = round_step(rough)
        assert step >= rough * (1 - 1e-9)
        assert f"{step:e}".split("e")[0].rstrip("0").rstrip(".") in {"1", "2", "2.5", "4", "5", "8"}
