from __future__ import annotations

import itertools
import shlex
import time
from collections.abc import Sequence
from typing import Any

import pytest

import impasto
from impasto.errors import SettingError
from impasto.settings import StyleSettings
from impasto.words import Plan, plan_of
from impasto.words.planning import MOST_TEXT


class Zeppelins:
    """A library of one picture."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []

    def alike(self, wishes: Sequence[str]) -> str:
        self.asked.append(wishes)
        return "my-zeppelin"

    def titled(self, word: str) -> str | None:
        return "my-zeppelin" if word == "zeppelin" else None

    def colours(self, style: str) -> Sequence[str]:
        return ["#f0e0c0", "#3050a0", "#801010"] if style == "my-zeppelin" else []


def essence(text: str, **more: Any) -> tuple[list[str], dict[str, Any]]:
    plan = plan_of(text, **more)
    return plan.sources(), plan.settings()


def shares(text: str, **more: Any) -> dict[str, float]:
    return {style.source: style.share for style in plan_of(text, **more).styles}


@pytest.mark.parametrize(
    "parts",
    [
        ["mostly watercolour", "a little woodcut", "cold", "fine strokes"],
        ["三分水彩", "七分浮世绘", "偏冷", "笔触细"],
        ["van gogh", "not too dark", "ochre", "navy"],
    ],
)
def test_order_makes_no_difference(parts: list[str]) -> None:
    plans = [essence(", ".join(order)) for order in itertools.permutations(parts)]
    assert all(plan == plans[0] for plan in plans)


@pytest.mark.parametrize(
    "phrases",
    [
        ["watercolour", "Water-color", "aquarelle", "水彩", "水彩画"],
        ["ukiyo-e, colder", "浮世绘，冷色调", "浮世繪 寒冷", "Japanese print, cool"],
        ["不要红色，宁静，涂鸦", "沒有紅色，寧靜，塗鴉"],
        ["象征主义，文徵明", "象徵主義，文征明"],
        ["oil, very dark", "油画，很暗", "油画，非常昏暗"],
        ["starry night", "梵高的星空", "Van Gogh's Starry Night", "星月夜"],
    ],
)
def test_synonyms_and_languages_make_no_difference(phrases: list[str]) -> None:
    plans = [essence(phrase) for phrase in phrases]
    assert all(plan == plans[0] for plan in plans), plans


@pytest.mark.parametrize(
    "text",
    [
        "more watercolour than woodcut",
        "watercolour more than woodcut",
        "less woodcut than watercolour",
        "mostly watercolour, a little woodcut",
        "watercolour with a hint of woodcut",
        "水彩多于木刻",
        "水彩比木刻多",
        "木刻比水彩少",
        "木刻少于水彩",
        "水彩为主，木刻为辅",
        "七分水彩三分木刻",
        "水彩七成木刻三成",
        "70% watercolour and 30% woodcut",
        "twice as much watercolour as woodcut",
        "水彩与木刻七三开",
        "水彩和木刻 7:3",
    ],
)
def test_more_of_one_is_a_larger_share(text: str) -> None:
    found = shares(text)
    assert found["watercolour"] > found["woodcut"]
    assert sum(found.values()) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    "text",
    ["水彩加一点木刻", "水彩少量的木刻", "水彩带着点木刻", "watercolour touched with woodcut"],
)
def test_what_is_added_a_little_of_has_a_small_share(text: str) -> None:
    assert shares(text) == shares("watercolour, a little woodcut")


def test_what_is_added_has_an_equal_share() -> None:
    assert shares("水彩加木刻") == {"watercolour": 0.5, "woodcut": 0.5}


@pytest.mark.parametrize(
    "text", ["no more than 30% mosaic, woodcut", "不超过三成马赛克，木刻", "至少七成木刻，马赛克"]
)
def test_a_bound_of_a_share_is_the_share(text: str) -> None:
    assert shares(text) == {"woodcut": 0.7, "mosaic": 0.3}


def test_figures_are_the_shares() -> None:
    assert shares("三分水彩七分浮世绘") == {"ukiyo-e": 0.7, "watercolour": 0.3}
    assert shares("60% mosaic, woodcut") == {"mosaic": 0.6, "woodcut": 0.4}
    assert shares("2 parts mosaic, 1 part woodcut") == {"mosaic": 0.667, "woodcut": 0.333}
    assert shares("half mosaic, half woodcut") == {"mosaic": 0.5, "woodcut": 0.5}


@pytest.mark.parametrize("text", ["mosaic: 60%, woodcut: 40%", "马赛克（六成），木刻（四成）"])
def test_figures_stand_behind_colons_and_in_brackets(text: str) -> None:
    assert shares(text) == {"mosaic": 0.6, "woodcut": 0.4}


def test_a_percentage_that_is_no_share_is_named() -> None:
    plan = plan_of("0% oil, 150 % woodcut")
    assert [unknown.words for unknown in plan.unknown] == ["0%", "150 %"]


def test_once_more_is_twice() -> None:
    assert shares("水彩比木刻多一倍") == shares("水彩是木刻的两倍")


def test_a_fraction_of_a_tone_is_how_much_of_it_there_is() -> None:
    assert plan_of("30% dark, oil").tone == {"dark": 0.3}
    assert plan_of("一半暗，油画").tone == {"dark": 0.5}


def test_an_amount_of_the_only_style_is_a_strength() -> None:
    assert plan_of("70% watercolour").strength == 0.7
    little, much = (plan_of(text).strength for text in ("a little watercolour", "很水彩"))
    assert little is not None
    assert much is not None
    assert little < 0.5 < much


@pytest.mark.parametrize(
    "text", ["no woodcut, mosaic", "mosaic without woodcut", "不要木刻，马赛克"]
)
def test_a_refused_style_is_none_of_the_styles(text: str) -> None:
    assert shares(text) == {"mosaic": 1.0}


@pytest.mark.parametrize(
    "text",
    [
        "a not too dark watercolour",
        "不太暗的水彩",
        "不要太暗的水彩",
        "a painting without blue in watercolour",
        "沒有紅色的水彩",
        "非写实的水彩",
    ],
)
def test_a_style_is_not_refused_for_what_it_is_without(text: str) -> None:
    assert shares(text) == {"watercolour": 1.0}


@pytest.mark.parametrize("text", ["不要暗的水彩，要马赛克", "without dark watercolour, mosaic"])
def test_a_style_that_is_refused_as_it_is_described_is_none(text: str) -> None:
    assert shares(text) == {"mosaic": 1.0}


@pytest.mark.parametrize(
    "text", ["earthy, no green", "大地色，不要绿色", "earth tones without green"]
)
def test_a_refused_colour_leaves_the_palette(text: str) -> None:
    assert plan_of(text).palette == tuple(
        colour for colour in plan_of("earthy").palette if colour != "#9aae8c"
    )


@pytest.mark.parametrize("text", ["no red, blue or green, cold", "不要红、蓝、绿，冷"])
def test_a_refusal_reaches_over_its_list(text: str) -> None:
    plan = plan_of(text)
    assert plan.palette == ()
    assert plan.tone == {"cold": 1.0}


@pytest.mark.parametrize("text", ["not red but blue", "不要红要蓝", "blue rather than red"])
def test_a_refusal_ends_at_but(text: str) -> None:
    assert plan_of(text).palette == plan_of("blue").palette


@pytest.mark.parametrize("text", ["not only dark but cold", "不仅暗而且冷", "不但暗，而且冷"])
def test_what_is_not_only_wished_is_wished(text: str) -> None:
    assert plan_of(text).tone == {"dark": 1.0, "cold": 1.0}


def test_what_is_not_dark_is_a_little_light() -> None:
    assert plan_of("not dark").tone == {"light": 0.5}
    assert plan_of("别太暗").tone == {"light": 0.3}
    assert plan_of("less contrast").tone == {"soft": 0.5}


def test_amounts_are_more_and_less_of_a_tone() -> None:
    amounts = [plan_of(f"{word} cold").tone["cold"] for word in ("slightly", "quite", "", "very")]
    assert amounts == sorted(amounts)
    assert plan_of("冷一点").tone == plan_of("有点冷").tone


@pytest.mark.parametrize("text", ["暗一点的水彩", "水彩，暗一点", "slightly dark watercolour"])
def test_an_amount_behind_an_adjective_is_of_the_adjective(text: str) -> None:
    assert essence(text) == (["watercolour"], {"tone": {"dark": 0.4}})


def test_strokes_are_finer_and_broader() -> None:
    fine, broad = (plan_of(text).style_scale for text in ("笔触细", "bold brushstrokes"))
    assert fine is not None
    assert broad is not None
    assert fine < 1 < broad
    assert plan_of("mosaic").style_scale is None


def test_a_little_of_a_colour_is_a_tint_and_a_colour_a_palette() -> None:
    assert plan_of("偏蓝").tone == {"cold": 0.6}
    assert plan_of("blue").palette
    assert not plan_of("bluish").palette


def test_a_title_says_more_than_its_artist_and_movement() -> None:
    assert shares("impressionist, Monet, Water Lilies") == {"water-lilies": 1.0}
    assert shares("Hokusai print") == {"great-wave": 1.0}


def test_a_direction_turns_the_painters_that_can_be_turned() -> None:
    assert plan_of("pencil, vertical strokes").sources() == ["paint:pencil?direction=90"]
    plan = plan_of("great wave, vertical strokes")
    assert plan.sources() == ["great-wave"]
    assert any("turned" in note for note in plan.notes)


def test_unknown_words_are_all_named_with_what_is_written_most_like_them() -> None:
    plan = plan_of("mosaique, cold, quantum 量子 flux")
    named = {unknown.words: unknown.nearest for unknown in plan.unknown}
    assert list(named) == ["mosaique", "quantum", "量子", "flux"]
    assert named["mosaique"][0] == "mosaic"


def test_a_character_that_stands_for_several_words_is_named_once() -> None:
    assert [unknown.words for unknown in plan_of("cold \ufdfa").unknown] == ["\ufdfa"]


def test_words_that_name_no_style_take_one_and_say_so_but_not_beside_a_picture() -> None:
    alone, beside = plan_of("cold"), plan_of("cold", given=1)
    assert len(alone.styles) == 1
    assert any("no style is named" in note for note in alone.notes)
    assert beside.styles == ()
    assert beside.settings(1) == {"tone": {"cold": 1.0}}
    assert plan_of("cold", chooses=False).styles == ()


def test_a_slip_of_the_pen_is_mended_and_told() -> None:
    plan = plan_of("impresionist, van gohg, 伦勃郎")
    assert not plan.unknown
    assert sum("is read as" in note for note in plan.notes) == 3


def test_a_part_of_the_picture_is_named_and_not_chosen() -> None:
    plan = plan_of("woodcut, dark background")
    assert [(word.words, word.region) for word in plan.unknown] == [("background", True)]
    assert any("cannot choose a part" in note for note in plan.notes)


def test_what_only_carries_a_word_changes_nothing_unless_it_is_refused() -> None:
    assert essence("red colours, overall look of a woodcut") == essence("red, woodcut")
    assert [word.words for word in plan_of("woodcut, no shapes").unknown] == ["shapes"]


def test_a_scene_is_what_the_photograph_shows_unless_its_colours_are_meant() -> None:
    assert not plan_of("a beach, watercolour").palette
    assert plan_of("watercolour in the colours of the sea").palette
    assert plan_of("森林的颜色").palette
    assert plan_of("desert").palette


@pytest.mark.parametrize(
    ("doubled", "plain"),
    [("冷冷的", "冷"), ("黑乎乎", "黑"), ("朦朦胧胧", "朦胧"), ("血红血红", "血红")],
)
def test_a_doubled_word_is_the_word(doubled: str, plain: str) -> None:
    assert essence(doubled) == essence(plain)


def test_pictures_that_are_given_have_a_share_too() -> None:
    plan = plan_of("a touch of woodcut", given=2)
    blend = plan.settings(2)["style_blend"]
    assert len(blend) == 3
    assert blend[0] == blend[1] > blend[2]
    assert sum(blend) == pytest.approx(1, abs=0.01)


def test_a_library_is_searched_by_what_the_words_say_a_style_is_like() -> None:
    zeppelins = Zeppelins()
    assert plan_of("blue, swirling, not dark", library=zeppelins).sources() == ["swirls"]
    assert plan_of("broad, not dark", library=zeppelins).sources() == ["my-zeppelin"]
    assert zeppelins.asked == [["broad", "not dark"]]


def test_a_word_of_a_title_in_the_library_is_a_style() -> None:
    plan = plan_of("mostly mosaic, a little zeppelin, qwyx", library=Zeppelins())
    assert plan.sources() == ["mosaic", "my-zeppelin"]
    assert [unknown.words for unknown in plan.unknown] == ["qwyx"]


def test_a_colour_that_is_refused_leaves_the_styles_own_colours() -> None:
    plan = plan_of("zeppelin, no blue", library=Zeppelins())
    assert plan.palette == ("#801010", "#f0e0c0")
    assert any("own without blue" in note for note in plan.notes)
    assert not plan_of("zeppelin, no green", library=Zeppelins()).palette


@pytest.mark.parametrize("text", ["", "  ", "x" * (MOST_TEXT + 1), "quantum flux", "的 the"])
def test_words_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(SettingError):
        plan_of(text)


def test_a_plan_goes_through_json_and_its_settings_are_accepted() -> None:
    plan = plan_of("三分水彩七分浮世绘，秋天，很暗，笔触粗犷，保留照片")
    assert Plan.model_validate_json(plan.model_dump_json()) == plan
    assert StyleSettings(**plan.settings()).tone == plan.tone


def test_many_styles_are_cut_and_the_others_named() -> None:
    text = "oil, watercolour, mosaic, woodcut, stained glass, ukiyo-e, pencil, ink, kiss, scream"
    plan = plan_of(text)
    assert len(plan.styles) == 8
    assert any("left out" in note for note in plan.notes)


def test_a_plan_takes_no_time() -> None:
    plan_of("cold")  # the vocabulary is read once
    begun = time.thread_time()  # which a busy machine does not lengthen
    plan_of("三分水彩七分浮世绘，偏冷，笔触细，量子，with a touch of the qwyx and very dark")
    assert time.thread_time() - begun < 0.5  # 50 ms are the aim; other processors are slower


def test_the_verb_is_public() -> None:
    assert impasto.plan("great wave").sources() == ["great-wave"]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("mostly blue, a little gold", {"#2f5da8": 0.851, "#c9992e": 0.149}),
        ("蓝色为主，一点金色", {"#2f5da8": 0.851, "#c9992e": 0.149}),
        ("70% blue, 30% gold", {"#2f5da8": 0.7, "#c9992e": 0.3}),
        ("三分蓝七分金", {"#2f5da8": 0.3, "#c9992e": 0.7}),
        ("3:7 blue and gold", {"#2f5da8": 0.3, "#c9992e": 0.7}),
        ("oil in blue and gold 3:7", {"#2f5da8": 0.3, "#c9992e": 0.7}),
        ("more blue than gold", {"#2f5da8": 0.667, "#c9992e": 0.333}),
        ("half blue, gold, red", {"#2f5da8": 0.5, "#c2352a": 0.25, "#c9992e": 0.25}),
    ],
)
def test_amounts_of_colours_are_shares_of_the_palette(text: str, amounts: dict[str, float]) -> None:
    plan = plan_of(text, given=1)
    assert plan.tone == {}
    assert plan.palette == tuple(f"{colour}:{amount}" for colour, amount in amounts.items())
    written = shlex.split(plan.command(styles=["a.jpg"]))
    assert StyleSettings(palette=written[written.index("--palette") + 1]).palette == plan.palette


@pytest.mark.parametrize(
    "text", ["blue, gold", "mostly blue", "bluish, red", "mostly blue, no gold"]
)
def test_colours_without_others_or_amounts_have_none(text: str) -> None:
    assert all(":" not in colour for colour in plan_of(text).palette)


def test_a_part_of_the_picture_is_told_with_its_remedy() -> None:
    plan = plan_of("oil, dark background")
    (note,) = [note for note in plan.notes if "part of the picture (background)" in note]
    assert "--mask" in note
    assert "--keep" in note
    assert any("背景" in note for note in plan_of("油画，背景暗一点").notes)
