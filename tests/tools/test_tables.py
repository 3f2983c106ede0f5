from __future__ import annotations

from tools.tables import code, table


def test_a_table_has_a_line_for_heads_a_rule_and_each_row() -> None:
    rows = [(code("size"), "px"), (code("steps"), "")]
    assert table(("setting", "unit"), rows).splitlines() == [
        "| setting | unit |",
        "| --- | --- |",
        "| `size` | px |",
        "| `steps` |  |",
    ]


def test_a_bar_in_a_cell_ends_no_cell() -> None:
    assert table(("a",), [("x|y",)]).splitlines()[-1] == "| x\\|y |"
