"""`--text`: words in place of style pictures or beside them, read into a plan that is shown."""

from __future__ import annotations

import inspect
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from impasto.cli.help import everyday
from impasto.cli.options import SERVER, option, settings_line, with_options
from impasto.errors import SettingError

if TYPE_CHECKING:
    from impasto.words import Plan

__all__ = ["Said", "Worded", "command_of", "plan_lines", "with_words"]


@dataclass(frozen=True)
class Worded:
    """What is painted, once words have been read.

    Attributes:
        styles: those that were typed, and after them those of the plan.
        settings: what was typed laid over those of the plan.
        plan: that the words came to; None without words.
        prompt: the words, for what reads them itself.
    """

    styles: list[str]
    settings: dict[str, Any]
    plan: Plan | None = None
    prompt: str = ""

    @property
    def record(self) -> dict[str, Any] | None:
        """The plan for a program that reads it."""
        return None if self.plan is None else self.plan.model_dump(mode="json")


@dataclass(frozen=True)
class Said:
    """What was typed of the options that `with_words` adds, under their names."""

    text: str | None = None
    endpoint: str | None = None
    language_model: str | None = None

    def read(
        self,
        styles: Sequence[str],
        settings: Mapping[str, Any],
        command: Callable[[list[str]], Sequence[str]],
        *,
        quiet: bool = False,
        masked: bool = False,
    ) -> Worded:
        """Read the words and show their plan; what was typed otherwise stays.

        Args:
            styles: as they were typed.
            settings: likewise, by name.
            command: words of the command line up to the settings, of all styles.
            quiet: whether nothing is shown.
            masked: whether masks say where each style paints, so that no shares do.

        Raises:
            SettingError: nothing of the words is understood, a language model is named badly, or
                somebody who reads is named and there are no words.
            ServerError: a language model that was named has no plan.
        """
        if self.text is None:
            self._refuse_readers(settings)
            return Worded(list(styles), dict(settings))
        plan = self.plan(settings, len(styles))
        own = plan.settings(len(styles))
        if masked:
            own.pop("style_blend", None)
        told = _gives_way(own, settings)
        worded = Worded([*styles, *plan.sources()], {**own, **settings}, plan, self.text)
        if settings.get("text_weight"):
            told.append("  note: --text guides the painting too, which the line below does not say")
        if not quiet:
            typed = [*command(worded.styles), *filter(None, [settings_line(worded.settings)])]
            print("\n".join([*plan_lines(plan), *told, " ".join(typed)]), file=sys.stderr)
        return worded

    def _refuse_readers(self, settings: Mapping[str, Any]) -> None:
        """Refuse who reads words where there are none."""
        clip = settings.get("clip")
        readers = {
            "--clip": clip,
            "--endpoint": self.endpoint,
            "--language-model": self.language_model,
        }
        for flag, reader in readers.items():
            if reader is not None:
                raise SettingError(
                    f"{flag} is {reader}, and there are no words to read: give --text"
                )

    def refuse_guidance(self, weight: float) -> None:
        """Refuse to leave words out where they are asked to guide what is painted.

        Args:
            weight: of the loss of the words, the setting `text_weight`.

        Raises:
            SettingError: it is above 0, and only `impasto stylize` hands words on.
        """
        if self.text is not None and weight:
            raise SettingError(
                f"text_weight is {weight:g}, and only impasto stylize paints by words: leave it out"
            )

    def plan(self, settings: Mapping[str, Any], given: int = 0) -> Plan:
        """The plan of the words, by whoever is asked to read them.

        Args:
            settings: as they were typed; `clip` and `model` count.
            given: how many style pictures are given beside the words.

        Raises:
            SettingError: nothing of the words is understood, or a language model is named badly.
        """
        from impasto.words import plan_of
        from impasto.words.language_model import LanguageModel, plan_by_model
        from impasto.words.shelf import Shelf

        text = self.text or ""
        model = LanguageModel.named(self.endpoint, self.language_model)
        if model is not None:
            return plan_by_model(text, model, given=given, library=Shelf())
        if settings.get("clip"):
            from impasto.networks.clip.choosing import plan_by_clip
            from impasto.networks.clip.model import load

            guides = bool(settings.get("text_weight"))
            return plan_by_clip(text, load(settings["clip"]), given=given, guides=guides)
        # A network that was taught its styles needs none to be chosen.
        chooses = settings.get("model") is None
        return plan_of(text, given=given, library=Shelf(), chooses=chooses)


def _gives_way(own: dict[str, Any], typed: Mapping[str, Any]) -> list[str]:
    """Take from the plan's settings what the typed ones contradict; what is told of it."""
    color = typed.get("color", "style")
    if "palette" in own and color not in ("style", "only"):
        del own["palette"]
        return [f"  note: --color {color} leaves no room for the palette of the words"]
    if "palette" in typed:
        own.pop("color", None)
    weights = {"content_weight", "style_weight"} & typed.keys()
    if weights:
        own.pop("strength", None)
    replaced = [name for name in own if name in typed]
    return [f"  note: {name} is as it was typed" for name in replaced]


def with_words(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of words, in place of its parameter `said`, a `Said`."""
    parameters = inspect.signature(_options, eval_str=True).parameters.values()
    return with_options(command, "said", list(parameters), lambda typed: Said(**typed))


def _options(
    *,
    text: Annotated[
        str | None,
        everyday(
            option(
                "Recipe",
                metavar="WORDS",
                help="Choose styles and settings by words. In English or Chinese, such as 'mostly "
                "watercolour, a little woodcut, cold'; `impasto words` lists them, and shows what "
                "a phrase comes to. What is typed beside it counts more.",
            )
        ),
    ] = None,
    endpoint: Annotated[
        str | None,
        option(
            SERVER,
            metavar="URL",
            help="Let a language model read --text: any OpenAI-compatible endpoint, such as "
            "http://127.0.0.1:11434/v1. Words and names of styles are sent there, no picture; the "
            "key is IMPASTO_LLM_KEY.",
        ),
    ] = None,
    language_model: Annotated[
        str | None, option(SERVER, metavar="NAME", help="The model that --endpoint is asked for.")
    ] = None,
) -> None:
    """The options of words, as a signature."""


def plan_lines(plan: Plan) -> list[str]:
    """A plan for a person: what was read as what, and what was not.

    Example:
        >>> from impasto.words import plan_of
        >>> for line in plan_lines(plan_of("great wave, colder, qwyx")):
        ...     print(line)
        great wave, colder, qwyx
          great wave: style great-wave
          colder: cold 1
          qwyx: unknown, and counts for nothing
    """
    lines = [" ".join(plan.text.split())]  # so that no line of theirs looks like one of ours
    lines += [f"  {reading.words}: {reading.meaning}" for reading in plan.readings]
    for unknown in plan.unknown:
        if unknown.region:
            lines.append(f"  {unknown.words}: a part of the picture, which words cannot choose")
            continue
        nearest = ", ".join(unknown.nearest)
        near = f"; written most like it: {nearest}" if nearest else ""
        lines.append(f"  {unknown.words}: unknown, and counts for nothing{near}")
    return lines + [f"  note: {note}" for note in plan.notes]


def command_of(
    verb: str,
    contents: Sequence[str],
    files: Mapping[str, Sequence[str] | str | None],
    *,
    flag: str = "",
) -> Callable[[list[str]], list[str]]:
    """What writes a command line up to its settings, of the styles that it is given.

    Args:
        verb: of the command.
        contents: what is painted.
        files: values of further options, by their flags; None for those that were not given.
        flag: that each style is written behind; empty where they stand alone.
    """

    def written(styles: list[str]) -> list[str]:
        words = ["impasto", verb, *contents]
        for style in styles:
            words += [flag, style] if flag else [style]
        for name, value in files.items():
            for each in [value] if isinstance(value, str) else value or ():
                words += [name, each]
        return [shlex.join(words)]

    return written
