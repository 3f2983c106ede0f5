"""A training as a stream of events, with all it reads and keeps: `impasto train` and its kin."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from impasto.errors import ImpastoError, OutputError, SettingError, reason_of
from impasto.events import Event, Finished, Part, Preview, Started, Step
from impasto.methods import device as devices
from impasto.methods import state_file
from impasto.methods.precision import FASTER, has_bfloat16
from impasto.methods.state_file import InputFile
from impasto.networks import features, stylizers
from impasto.samples.lookup import sample_or
from impasto.text import format_path
from impasto.training.pictures import Photographs
from impasto.training.stylizers import start
from impasto.training.stylizers.comparison import Comparison
from impasto.training.stylizers.course import Course
from impasto.training.stylizers.learning import Gradient, Learning
from impasto.training.stylizers.objective import LAYERS, Guide
from impasto.training.stylizers.sheet import training_sheet
from impasto.training.stylizers.styles import names_of, read_styles

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["FORMAT", "GUIDE", "Training"]

FORMAT = "impasto training 1"
METHOD = "training"
GUIDE = "slim"
PREVIEW_EVERY_S = 30.0
MINUTES = 10.0  # of learning, where nothing else is wished
SEEDS = 2**63  # as many as torch's generators take


@dataclass
class Training:
    """Styles of one's own in a network: iterate over it for its events.

    Attributes:
        learning: the training itself.
        styles: files of the styles.
        photographs: to learn from and to judge by.
        threads: of torch.
        compares: whether it ends with a comparison to the optimisation.
        preview_every_s: seconds between two previews.
        seconds: of learning, pauses between a checkpoint and its resumption left out.
        history: (seconds, losses) of each step so far.
        outputs: what the command that began it wants written, by option.
        step_s: seconds that a step takes; 0 where nobody measured it.
        notes: on the styles, a sentence each.
    """

    learning: Learning
    styles: tuple[InputFile, ...]
    photographs: Photographs
    threads: int
    compares: bool = True
    preview_every_s: float = PREVIEW_EVERY_S
    seconds: float = 0.0
    history: list[tuple[float, dict[str, float]]] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    step_s: float = 0.0
    notes: tuple[str, ...] = ()

    @classmethod
    def begin(
        cls,
        styles: Sequence[str | Path],
        *,
        minutes: float | None = None,
        steps: int | None = None,
        photos: Path | None = None,
        width: start.Width = "m",
        begins: start.Start | None = None,
        adversarial: float = 0.0,
        seed: int = 0,
        device: str = "cpu",
        threads: int | None = None,
        compares: bool = True,
        elsewhere: Callable[[Learning], list[Gradient]] | None = None,
        **changes: Any,
    ) -> Training:
        """Read the pictures and make everything ready.

        Args:
            styles: files or names of samples; each becomes a row, by the stem of its file.
            minutes: of learning; they become a number of steps here, by steps that are timed. Ten
                if neither they nor `steps` are given.
            steps: of the training, in place of minutes.
            photos: folder of photographs to learn on; those of the package if left out.
            width, begins: see `impasto.training.stylizers.start.begin`.
            adversarial: weight of a critic's opinion from the last third on; 0 for none.
            seed: of all that is drawn, from 0 to 2**63 - 1.
            device: "auto", "cpu" or "cuda".
            threads: of torch; as many as it takes if left out.
            compares: whether it ends with a comparison to the optimisation.
            elsewhere: what computes the gradients of a step in place of this process.
            changes: of other fields of `Course`.

        Raises:
            ImpastoError: whatever is wrong with the inputs.
        """
        if not styles:
            raise SettingError("there is no style to learn: name at least one picture")
        if minutes is not None and steps is not None:
            raise SettingError(
                f"minutes is {minutes:g} and steps is {steps}: give one of them, for either says "
                "how long to learn"
            )
        minutes = MINUTES if minutes is None else minutes
        if not 0 < minutes < float("inf"):
            raise SettingError(f"minutes is {minutes:g}: give a number above 0")
        if steps is not None and steps < 1:
            raise SettingError(f"steps is {steps}: give at least 1")
        if not 0 <= seed < SEEDS:
            raise SettingError(f"seed is {seed}: give a whole number from 0 to {SEEDS - 1}")
        if not 0 <= adversarial < float("inf"):
            raise SettingError(f"adversarial is {adversarial:g}: give 0 or more")
        chosen = begins or start.default_start(width)
        start.check(width, chosen)
        if threads is not None:
            torch.set_num_threads(threads)
        where = devices.choose(device).type
        paths = [Path(sample_or("style", style)) for style in styles]
        photographs = Photographs.of_package() if photos is None else Photographs.of_folder(photos)
        fast = has_bfloat16(where, *FASTER)
        course = Course(
            steps=steps or 1,
            width=width,
            start=chosen,
            adversarial=adversarial,
            seed=seed,
            precision="bf16" if fast else "float32",
        )
        course = replace(course, **changes)
        if course.shares > 1 and course.adversarial:
            raise SettingError(
                f"adversarial is {course.adversarial:g} and a step has {course.shares} shares: a "
                "critic learns in one place alone, so leave it out or learn on this machine"
            )
        training = cls._of(course, names_of(paths), paths, photographs, where, compares=compares)
        training.learning.elsewhere = elsewhere
        if steps is None:
            step_s = training.learning.measured_step_s()
            training.step_s = step_s
            training.learning.course = replace(course, steps=max(1, round(60 * minutes / step_s)))
        return training

    @classmethod
    def resumed(cls, path: Path) -> Training:
        """Go on with an earlier training, from its checkpoint alone.

        Raises:
            CheckpointError: it is damaged, or a picture is gone or has changed since.
        """
        kept = state_file.load(path, (FORMAT,), "impasto train keeps")
        about = kept.about
        try:
            styles = [InputFile(**file) for file in about["styles"]]
            files = [InputFile(**file) for file in about["photographs"]]
            course, names = Course(**about["course"]), list(about["names"])
            history = [(float(s), dict(losses)) for s, losses in about["history"]]
            values = {name: about[name] for name in ("seconds", "outputs", "compares")}
            aside, bundled = int(about["aside"]), bool(about["bundled"])
            threads, device = int(about["threads"]), str(about["device"])
            notes = tuple(map(str, about["notes"]))
        except (LookupError, TypeError, ValueError) as error:
            raise state_file.not_whole(path, error) from None
        for what, inputs in (("style", styles), ("photograph", files)):
            for file in inputs:
                file.verify(f"the {what} of this training")
        torch.set_num_threads(threads)
        photographs = Photographs.of_files(
            [Path(file.path) for file in files], aside, bundled=bundled, notes=notes
        )
        paths = [Path(file.path) for file in styles]
        training = cls._of(course, names, paths, photographs, devices.choose(device).type)
        training.learning.restore(kept.tensors)
        training.history = history
        for name, value in values.items():
            setattr(training, name, value)
        training.step_s = training.seconds / len(history) if history else 0.0
        return training

    @classmethod
    def _of(
        cls,
        course: Course,
        names: Sequence[str],
        styles: Sequence[Path],
        photographs: Photographs,
        device: str,
        **more: Any,
    ) -> Training:
        network = features.load(GUIDE, LAYERS, padding="reflect").to(device)
        pixels, notes = read_styles(styles)
        learning = Learning(
            course,
            names,
            pixels,
            photographs.learnt,
            Guide(network, dtype=course.dtype),
            recolours=photographs.bundled,
            device=device,
        )
        files = tuple(map(InputFile.of, styles))
        threads = torch.get_num_threads()
        return cls(learning, files, photographs, threads, notes=notes, **more)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the styles, in the order of their rows."""
        return self.learning.network.names

    def past_events(self) -> Iterator[Event]:
        """What a training that goes on from a checkpoint has told already."""
        if self.history:
            yield self._started(1)
        for number, (seconds, losses) in enumerate(self.history, 1):
            yield self._step(number, losses, seconds)

    def __iter__(self) -> Iterator[Event]:
        """Go on to the end; between any two events the state may be kept."""
        learning = self.learning
        yield self._started(learning.step + 1)
        before, shown = time.monotonic(), time.monotonic()
        while learning.step < learning.course.steps:
            losses = learning.learn()
            now = time.monotonic()
            self.seconds, before = self.seconds + now - before, now
            self.history.append((self.seconds, losses))
            yield self._step(learning.step, losses, self.seconds)
            if time.monotonic() - shown >= self.preview_every_s:
                yield Preview(learning.step, self.sheet())
                shown = time.monotonic()
            before = time.monotonic()  # previews are no learning
        sheet = self.sheet()
        yield Preview(learning.step, sheet)
        notes: tuple[str, ...] = ()
        if self.compares:
            comparison = self.comparison()
            try:
                for number in comparison.run():
                    yield Part("comparison", number, len(comparison), self.seconds)
                notes = (comparison.sentence(),)
            except ImpastoError as error:  # what was learnt is worth no less
                notes = (f"was not compared with the optimisation: {error}",)
        yield Finished(learning.step, sheet, self.seconds, notes)

    def comparison(self) -> Comparison:
        """The network so far beside the optimisation, in the first of its styles."""
        learning = self.learning
        network = self.network()
        guide = Guide(features.load(GUIDE, LAYERS, padding="reflect"))
        style = learning.styles[0]
        return Comparison(network, self.names[0], style, self.photographs.aside[:1], guide)

    def network(self) -> stylizers.OnePass:
        """The network so far, averaged over its last steps, on the CPU."""
        learnt = self.learning.averaged
        network = stylizers.OnePass(learnt.plan, reads=False, rows=self.names)
        network.load_state_dict({k: v.cpu() for k, v in learnt.state_dict().items()})
        return network.eval().requires_grad_(False)

    def save(self, path: Path) -> None:
        """Write the network so far.

        Raises:
            OutputError: the place cannot be written.
        """
        course = self.learning.course
        text = {
            "name": path.stem,
            "learnt": f"{self.learning.step} of {course.steps} steps by impasto train, guided by "
            f"{GUIDE}, width {course.width}, from {course.start}",
            "photographs": f"{len(self.photographs.learnt)}"
            + (" that come with impasto" if self.photographs.bundled else ""),
        }
        try:
            stylizers.save(path, self.network(), text)
        except OSError as error:
            raise OutputError(
                f"{format_path(path)} cannot be written ({reason_of(error)}): name a file in a "
                "folder that can be written to"
            ) from None

    def keep(self, path: Path) -> None:
        """Write the state to go on from, whole or not at all.

        Raises:
            OutputError: the place cannot be written.
        """
        about = {
            "course": asdict(self.learning.course),
            "names": list(self.names),
            "styles": [asdict(file) for file in self.styles],
            "photographs": [asdict(file) for file in self.photographs.files],
            "aside": len(self.photographs.aside),
            "bundled": self.photographs.bundled,
            "notes": list(self.photographs.notes),
            "threads": self.threads,
            "device": self.learning.device,
            "compares": self.compares,
            "seconds": self.seconds,
            "history": self.history,
            "outputs": self.outputs,
        }
        state_file.save(path, FORMAT, about, self.learning.state(), "an output")

    def forget(self, path: Path) -> None:
        """Take away what `keep` wrote, and nothing else that came to lie there."""
        if state_file.format_of(path) == FORMAT:
            with suppress(OSError):
                path.unlink()

    def sheet(self) -> Image:
        """Two photographs, and each style beside what it makes of them; of many styles eight."""
        learning = self.learning
        title = f"step {learning.step} of {learning.course.steps}"
        styles = dict(zip(self.names, learning.styles, strict=True))
        photographs = [*self.photographs.aside, *self.photographs.learnt][:2]
        return training_sheet(title, self.network(), styles, photographs)

    def _started(self, first_step: int) -> Started:
        course = self.learning.course
        left = course.steps - first_step + 1
        return Started(
            course.steps,
            scales=(((course.side, course.side), course.steps),),
            backbone=GUIDE,
            device=self.learning.device,
            threads=self.threads,
            first_step=first_step,
            predicted_s=self.step_s * left,
            notes=self.photographs.notes + self.notes,
            method=METHOD,
            precision=course.precision,
        )

    def _step(self, number: int, losses: Mapping[str, float], seconds: float) -> Step:
        course = self.learning.course
        return Step(number, course.steps, (course.side, course.side), losses, seconds)
