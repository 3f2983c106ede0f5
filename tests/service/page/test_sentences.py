"""What goes wrong is told in the person's language; every sentence here was provoked for real."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest

pytest.importorskip("gradio", reason="the extra web is not installed")

from impasto.imaging.codecs.formats import FORMATS
from impasto.service.contract import State
from impasto.service.page import html
from impasto.service.page.progress import Progress
from impasto.service.page.sentences import in_words, wordings
from impasto.service.page.texts import CHINESE, ENGLISH
from impasto.settings import describe
from impasto.settings.recipes import RECIPES
from tests.service.page.conftest import remote_job
from tests.service.page.provoked import PROVOCATIONS, sentence_of

EXPECTED = {
    "empty": "The photograph is empty: save or download it again, then choose it anew.",
    "text": (
        "notes.txt is not a picture that can be painted here: choose one saved as JPEG, PNG, "
        "WebP, TIFF, BMP, GIF or HEIC."
    ),
    "heic": (
        "walk.heic is a HEIC photograph, which this studio cannot read: save it as JPEG, then"
        " choose it anew."
    ),
    "damaged": "a.png is damaged, or a rare kind of PNG: save or download it again.",
    "cut": "Style picture 2 ends too early, so a part of it is missing: save or download it again.",
    "no pixel": "a.png has no pixels, 0 × 5: save or download it again.",
    "huge": (
        "The photograph is 9,000 × 12,000 px, 108.0 megapixels, and at most 100 megapixels "
        "can be painted here: make it smaller, then choose it anew."
    ),
    "long file": (
        "The photograph is a larger file than any picture of 1 megapixels, which is the most "
        "here: make it smaller, then choose it anew."
    ),
    "12 bits": (
        "The photograph is of a rare kind that cannot be read here: save it as an ordinary "
        "PNG or JPEG, then choose it anew."
    ),
    "floats": (
        "The style picture holds numbers whose black and white are not known: save it as an "
        "ordinary picture of 8 or 16 bits, then choose it anew."
    ),
    "beyond memory": (
        "The photograph is larger than the studio's free memory: choose a smaller one, or try"
        " again later."
    ),
    "transparent": (
        "The style picture is transparent everywhere, so there is nothing to see: choose "
        "another one."
    ),
    "invisible": (
        "Nothing of the photograph can be seen at 48 × 32 px: raise “Size”, keep another part"
        " with “Crop”, or choose a picture that is less transparent."
    ),
    "size too small": (
        "The photograph would be painted at 9 × 7 px, and the shorter side needs 32: set "
        "“Size” to 43 or more."
    ),
    "photograph too small": (
        "The photograph would be painted at 8 × 6 px, and the shorter side needs 32: choose a"
        " larger picture, or turn on “Upscale”."
    ),
    "shape too small": (
        "The photograph would be painted at 12 × 9 px, and the shorter side needs 32: give a "
        "larger “Shape”."
    ),
    "photograph too thin": (
        "The photograph would be painted at 64 × 2 px, and the shorter side needs 32: choose a"
        " larger picture, or turn on “Upscale” and set “Size” to 1067 or more."
    ),
    "style too small": (
        "The style picture is 8 × 6 px, and its shorter side needs 32: choose a larger "
        "picture, or turn on “Upscale”."
    ),
    "strokes too small": (
        "The style picture would be read at 6 × 5 px, and its shorter side needs 32: raise "
        "“Stroke size”, or choose a larger picture."
    ),
    "upload gone": "A picture is no longer here: choose it again.",
    "file gone": "A picture is no longer here: choose it again.",
    "copy gone": "A picture is no longer here: choose it again.",
    "mask ratio": (
        "The mask is 9 × 9 px and its picture 48 × 32: take a mask of the same proportions, "
        "of any size."
    ),
    "mask black": (
        "The mask is black everywhere, so nothing would count: make it white where something "
        "is to count, or leave it out."
    ),
    "style mask": (
        "The mask leaves only transparent places of the style picture: change that mask, or "
        "leave it out."
    ),
    "mask cropped": (
        "The mask is black on all that is left of the photograph after it is cropped: change "
        "the mask, or “Shape” or “Crop”."
    ),
    "mask unseen": (
        "The mask is white only where the photograph is transparent: make it white where "
        "there is something to paint."
    ),
    "all kept": (
        "The mask keeps all of the photograph, so nothing is left to paint: make it black "
        "where something is to be painted."
    ),
    "mask kept": "One mask keeps all that another would paint: change one of them.",
    "mask too small": (
        "The part that is painted, or the part of the style that is used, is too small at 64 "
        "× 48 px: make the mask larger, or raise “Size”."
    ),
    "mask beyond": (
        "Something is brushed for style 2, and there is no such style: clear it, or add that style."
    ),
    "mask missing": (
        "Nothing is brushed for style 2: paint with brush 2 too, remove that style, or clear "
        "the mask."
    ),
    "mask long": "The mask is too large to be sent: clear it and paint it again.",
    "mask broken": "The mask did not arrive whole: clear it and paint it again.",
    "mask count": (
        "There has to be one mask for each style, or none: change the masks or the styles."
    ),
    "masks and shares": (
        "The masks already say where each style paints: empty “Style blend”, or clear the mask."
    ),
    "both": "“Size” and “Shape” cannot both be chosen: empty one of them.",
    "balance": "“Strength” and “Content weight” cannot both be chosen: empty one of them.",
    "no weight": (
        "Both the photograph and the style would count nothing: give “Content weight” or "
        "“Style weight”, and one of its layers, a value above 0."
    ),
    "no share": "All of “Style blend” are 0: give one style a share above 0.",
    "shares": (
        "“Style blend” has 1 and the styles are 2: give one share for each style, in their order."
    ),
    "infinite": "“Size” cannot be nan: give an ordinary number.",
    "no number": "“Size” is “wide”: give a number.",
    "whole": "“Steps” is 1.5: give a whole number from 1 to 1000000.",
    "at least": "“Coarsest” is “x”: give a whole number from 0 to 100000.",
    "above": "“Learning rate” is “x”: give a number above 0 and of at most 1000.",
    "too little": "“Steps” is 0: give a whole number from 1 to 1000000.",
    "not above": "“Learning rate” is 0: give a number above 0 and of at most 1000.",
    "too much": "“Strength” is 2: give a number from 0 to 1.",
    "not below": (
        "“Seed” is 18446744073709551616: give a whole number of at least 0 and below "
        "9223372036854775808."
    ),
    "no choice": "“Fit” cannot be “bend”: choose contain, cover or stretch.",
    "no literal": "“Fit” cannot be “bend”: choose contain, cover or stretch.",
    "long text": "“Shape” is too long or no text: write it in one line.",
    "shape": (
        "“Shape” cannot be “wide”: write height x width in pixels, like 300x450, or a ratio "
        "of width to height, like 3:2."
    ),
    "side": "“Shape (1)” is 0: give a whole number of at least 1.",
    "ratio": "“Shape” cannot be “0:5”: write a ratio of width to height, both above 0, like 16:9.",
    "shares in words": (
        "“Style blend” cannot be “half,half”: write numbers with commas between, like 0.7,0.3."
    ),
    "twice": "“Style layers” names relu1_1 twice: name each layer once.",
    "no weight of a layer": (
        "“Style layers” has “relu1_1=much”, which is no layer with its weight: write it like "
        "relu3_1=0.5."
    ),
    "layer weight": "“Style layers (relu1_1)” is -1.0: give a number of at least 0.",
    "no layer": (
        "The backbone slim has no layer “relu9_1”: take layers from conv1_1, relu1_1, "
        "conv1_2, relu1_2, conv2_1, relu2_1, conv2_2, relu2_2, conv3_1, relu3_1, conv3_2, "
        "relu3_2, conv3_3, relu3_3, conv3_4, relu3_4, conv4_1, relu4_1, conv4_2, relu4_2, "
        "conv4_3, relu4_3, conv4_4, relu4_4, conv5_1 or relu5_1."
    ),
    "heads": (
        "“Gram heads” is 3, and the 16 channels of relu1_1 cannot be split into so many equal"
        " groups: choose 1, 2, 4, 8 or 16."
    ),
    "no heads": (
        "“Style loss” is sliced, which cannot be split: set “Gram heads” to 1, or choose the "
        "style loss moments, shifted, gram, wasserstein or gram-raw."
    ),
    "method": (
        "“Steps” means nothing to the method plain: leave it as it was, or choose another method."
    ),
    "no backbone": (
        "There is no “vgg99” here: choose slim, vgg19, vgg16, vgg19-original, "
        "vgg19-normalized or squeezenet."
    ),
    "no recipe": (
        f"There is no “glitter” here: choose {', '.join(list(RECIPES)[:-1])} or "
        f"{list(RECIPES)[-1]}."
    ),
    "queue full": (
        "The studio has as many paintings to do as it takes, 0: try again when some are done."
    ),
    "queue full meanwhile": (
        "The studio has as many paintings to do as it takes, 0: try again when some are done."
    ),
    "own queue full": (
        "You have 0 paintings waiting or under way, which is the most for one person: wait "
        "until some are done, or stop one."
    ),
    "asked too often": "That was too much at once: wait 10 s, then try again.",
    "listeners": "Too many people look on at once: try again later.",
    "upload": "The pictures are larger than 0.001 MB together: choose smaller ones.",
    "styles": "There are 2 styles, and at most 1 can be used: leave some out.",
    "slow upload": "The pictures came too slowly and were given up: try again.",
    "form": "The pictures did not arrive whole: try again.",
    "busy": "The studio is too busy to answer: try again later.",
    "no answer": "The studio is too busy to answer: try again later.",
    "storage": "The studio cannot keep its files just now: tell who runs it.",
    "data folder": "The studio cannot keep its files just now: tell who runs it.",
    "broken": "Something went wrong in the studio: tell who runs it.",
    "unexpected": "Something went wrong in the studio: tell who runs it. Painting again may help.",
    "dying worker": (
        "The studio broke off 3 times, most often because its memory is too small: choose a "
        "smaller “Size”."
    ),
    "memory": (
        "Painting 64 × 48 px needs about 4.0 GB of memory, and 2.0 GB are free: set “Size” to"
        " 32 or less."
    ),
    "memory for a shape": (
        "Painting 96 × 96 px needs about 4.0 GB of memory, and 2.0 GB are free: set “Shape” "
        "to 64x64 or less."
    ),
    "no memory": (
        "Painting 64 × 48 px needs about 4.0 GB of memory, and 0.0 GB are free: try again "
        "later, or choose a smaller “Size”."
    ),
    "memory ran out": (
        "The memory ran out while it was painted: choose a smaller “Size”, or try again later."
    ),
    "infinite loss": (
        "The painting got out of hand at step 1: lower “Learning rate” or the weights of the "
        "losses."
    ),
    "infinite gradient": (
        "The painting got out of hand at step 1: lower “Learning rate” or the weights of the "
        "losses."
    ),
    "no network": (
        "The network VGG-19, 575 MB, is needed and could not be fetched: ask who runs this "
        "studio, or choose the backbone slim, which is always here."
    ),
    "download broke": (
        "The network VGG-19 is needed and could not be fetched: ask who runs this studio, or "
        "choose the backbone slim, which is always here."
    ),
    "other bytes": (
        "The network VGG-19 is needed and could not be fetched: ask who runs this studio, or "
        "choose the backbone slim, which is always here."
    ),
    "no room": (
        "The network VGG-19 is needed and could not be fetched: ask who runs this studio, or "
        "choose the backbone slim, which is always here."
    ),
    "no folder": (
        "The network VGG-19 is needed and could not be fetched: ask who runs this studio, or "
        "choose the backbone slim, which is always here."
    ),
    "other weights": (
        "The network that looks at the pictures cannot be read: tell who runs this studio, or"
        " choose the backbone slim, which is always here."
    ),
    "damaged package": (
        "The network that looks at the pictures cannot be read: tell who runs this studio, or"
        " choose the backbone slim, which is always here."
    ),
    "no package": (
        "The VGG-19 of its authors is not installed here: ask who runs this studio, or choose the "
        "backbone slim, which is always here."
    ),
    "damaged weights": (
        "The network that looks at the pictures cannot be read: tell who runs this studio, or"
        " choose the backbone slim, which is always here."
    ),
    "no device": "The studio is set up for a machine that it does not have: tell who runs it.",
    "no seventh device": (
        "The studio is set up for a machine that it does not have: tell who runs it."
    ),
    "package": "lace comes from another package and cannot be loaded: tell who runs this studio.",
    "no job": "It was removed, or its address is mistyped.",
    "no id": "It was removed, or its address is mistyped.",
    "not ended": "It is not done yet: stop it first, or wait until it has ended.",
    "no picture yet": "There is no picture of it yet.",
    "small region": (
        "The part of the style that is used, or the part that is painted, is small, so the "
        "largest strokes were left out."
    ),
    "plain": (
        "The style picture is plain where it is used: it gives its colour, and no brush strokes."
    ),
    "blank": "The photograph is blank, so there is little for the painting to keep but its colour.",
    "smaller": (
        "The photograph has 712 px on its longer side, so the painting has 712 and not 1080; "
        "“Upscale” makes it larger."
    ),
    "smaller part": (
        "What is left of the photograph at 1:1 has 474 px on its longer side, so the painting"
        " has 474 and not 1080; “Upscale” makes it larger."
    ),
    "enlarged": "The photograph is enlarged 2.3 times to fill 1080 × 1080 px.",
    "idle crop": "“Crop” changes nothing here: nothing of the photograph is cut away.",
    "contained": (
        "“Shape” is 384x384, and the painting has 384 × 256 px: the whole photograph stands "
        "inside it. Choose cover as “Fit” to fill it."
    ),
    "style smaller": (
        "The style picture has 32 px on its longer side and is not enlarged to 64, so the "
        "strokes are finer; “Upscale” enlarges it."
    ),
    "style stretched": (
        "The style picture is stretched to 2 times the size of the painting, and enlarged "
        "where it is smaller."
    ),
    "idle seed": (
        "“Seed” changes nothing here, because nothing is left to chance: choose noise as "
        "“Start” to get variants."
    ),
    "slow precision": (
        "This studio's machine is slower in bf16 than in float32, so the painting takes longer."
    ),
    "precision kept": (
        "The painting was begun in bf16 and goes on in it on a machine that is slower so."
    ),
    "idle seed of colours": "“Seed” changes nothing here, because nothing is left to chance.",
    "classes": (
        "The lightest place of the mask is 3 of 255, so next to nothing of it counts: make "
        "white what is to count."
    ),
    "animation": "The photograph is an animation: its first picture counts.",
    "cut-out": "The mask is a cut-out: what is not transparent in it counts as white.",
    "photograph as a mask": (
        "The mask looks like a photograph and not like a mask: its brightness is used."
    ),
    "alpha": "The transparency of the photograph would hide all of it, and is left out.",
    "hdr": "The photograph is an HDR picture: what is brighter than white paper is cut off.",
    "print": (
        "The photograph has the colours of print without saying which, so they are converted "
        "the plain way."
    ),
    "over": (
        "The photograph holds values from 1.00003 to 1.00003: what lies outside 0 to 1 is cut off."
    ),
    "signed": "The photograph says that its values may be below 0; they are read as if none were.",
    "xmp": (
        "Some of what the file of the photograph says about itself is damaged, and is left "
        "out of the painting's."
    ),
    "xmp damaged": (
        "Some of what the file of the photograph says about itself is damaged, and is left "
        "out of the painting's."
    ),
    "16 bits": "The photograph has 16 bits a channel, and the painting 8.",
    "long exif": (
        "Some of what the photograph says about itself is too long for a JPEG, and is left out."
    ),
    "no room for the recipe": (
        "How it was painted has no room in the file: keep the recipe file instead."
    ),
    "no xmp": (
        "Some of what the photograph says about itself, such as caption, keywords or author, is "
        "left out: BMP has no place for it."
    ),
}

IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
LAYER = re.compile(r"(?:conv|relu)\d_\d")
WORD = re.compile(r"\b[A-Za-z][\w-]+")
NUMBER = re.compile(r"\d[\d.,]*\d|\d")
NAMES = {choice for setting in describe() for choice in setting.choices}
NAMES |= {kind.name for kind in FORMATS} | {"MB", "GB", "VGG-19", "HDR", "CMYK", "nan"}
NAMES |= {"plain", "lace"}  # a method and a loss of another package


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """What the engine says when something of this name goes wrong; it goes wrong but once."""

    @cache
    def say(name: str) -> str:
        return sentence_of(PROVOCATIONS[name], tmp_path_factory.mktemp("wrong"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TORCH_HOME", str(tmp_path_factory.mktemp("hub")))
        patch.delenv("IMPASTO_DATABASE_URL", raising=False)
        yield say


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_page_says_it_in_its_own_words_in_both_languages(
    name: str, engine: Callable[[str], str]
) -> None:
    sentence = engine(name)
    english, chinese = in_words(sentence, "en"), in_words(sentence, "zh")
    assert english == EXPECTED[name]
    for said in (english, chinese):
        assert not re.search(r"--|/|\w_\w", LAYER.sub("", said)), said
    assert IDEOGRAPH.search(chinese)
    plain = LAYER.sub("", re.sub("“.*?”", "", chinese))
    assert set(WORD.findall(plain)) <= NAMES, chinese
    assert set(NUMBER.findall(english)) <= set(NUMBER.findall(chinese)), chinese


def test_every_wording_is_for_a_sentence_that_the_engine_says(
    engine: Callable[[str], str],
) -> None:
    said = [engine(name) for name in PROVOCATIONS]
    used = {next(w.engine.pattern for w in wordings() if w.engine.fullmatch(s)) for s in said}
    assert used == {wording.engine.pattern for wording in wordings()}


def test_what_nobody_foresaw_is_told_with_a_word_about_its_language() -> None:
    sentence = "the moon is full: leave --content-weight out"
    assert in_words(sentence, "en") == "the moon is full: leave Content weight out"
    said = in_words(sentence, "zh")
    assert said == "原因只有英文说明：the moon is full: leave 内容权重 out"


@pytest.mark.parametrize(
    "key", ["no_pictures", "no_content", "no_style", "gone", "not_shown", "mask_ratio"]
)
def test_what_the_page_says_itself_stays(key: str) -> None:
    parts = {"name": "a.tif", "kind": "TIFF", "width": 1, "height": 2}
    for language, texts in (("en", ENGLISH), ("zh", CHINESE)):
        said = texts[key].format(**parts)
        assert in_words(said, language) == said


def test_a_job_that_failed_and_notes_are_told_in_the_persons_language() -> None:
    error = "the style image is cut short: export or download it again"
    job = remote_job("a1", State.FAILED, error=error, notes=[])
    easel = html.easel(html.JobView(job, Progress(), "", 0, "zh"))
    assert "风格图不完整" in easel
    note = "--crop top changes nothing here: only --shape with --fit cover cuts a part away"
    job = remote_job("a2", notes=[note])
    assert "“裁切位置”在这里不起作用" in html.easel(html.JobView(job, Progress(), "", 0, "zh"))
    gone = html.unknown("zh", "there is no job 'x': it was removed, or its id is mistyped")
    assert CHINESE["unknown_title"] in gone
    assert "there is" not in gone


def test_two_notes_that_the_page_tells_alike_are_told_once() -> None:
    notes = [f"{which}: its XMP is damaged and left out" for which in ("the content image",) * 2]
    easel = html.easel(html.JobView(remote_job("a3", notes=notes), Progress(), "", 0, "en"))
    assert easel.count("is damaged") == 1


def test_a_long_sentence_is_cut_before_it_is_compared() -> None:
    assert len(in_words("a for a: give one b" * 10_000, "en")) <= 501
