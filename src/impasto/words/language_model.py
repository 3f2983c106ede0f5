"""Words read into a plan by a language model, behind any endpoint that speaks as OpenAI's does.

What is sent: the words, the names of the styles there are, and the schema of `Wishes`; no picture.
Nothing is sent unless somebody names an endpoint. What comes back is checked as a plan of ours is;
where it is none after a second try, the vocabulary reads the words, and a note says so.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError

from impasto.errors import ImpastoError, ServerError, SettingError
from impasto.samples import SHOWS
from impasto.words.plan import PAINT, Plan, PlannedStyle, Wishes
from impasto.words.planning import DIRECTED, MOST_TEXT, Library, plan_of
from impasto.words.vocabulary import default_style

__all__ = ["KEY_VARIABLE", "LanguageModel", "plan_by_model"]

KEY_VARIABLE = "IMPASTO_LLM_KEY"
TIMEOUT_S = 60.0
LARGEST_ANSWER = 1_000_000  # bytes; a plan has some hundreds
LONGEST_REASON = 300  # characters of what was wrong with an answer
LONGEST_REPLY = 4000  # characters of an answer that the model is shown again
TRIES = 2
NO_STYLE = "no style is named: {} is taken, name another or give a picture"

_TASK = """\
You turn words about a painting into a plan for a style transfer. Answer with one JSON object and \
nothing else. Leave out every property that the words do not ask for. Take styles from this list \
alone, by their names before the colon; the shares of all styles are 1 together:
{styles}
The JSON object has to fit this schema:
{schema}"""


@dataclass(frozen=True)
class LanguageModel:
    """A model of somebody's choice, and where it is asked.

    Args:
        endpoint: the address that `/chat/completions` hangs on, such as http://127.0.0.1:11434/v1;
            a bare host is asked under /v1.
        name: of the model there.
        key: sent as a bearer token; never shown.
        timeout_s: for a whole answer.
        called: what messages call the endpoint, for people who need not know it; its host if left
            out.
        transport: in place of the network, for tests.

    Raises:
        SettingError: the address is none, or has a password in it; no name; a key that no header
            can carry.

    Example:
        >>> LanguageModel("http://127.0.0.1:11434", "qwen").url
        'http://127.0.0.1:11434/v1/chat/completions'
    """

    endpoint: str
    name: str
    key: str | None = field(default=None, repr=False)
    timeout_s: float = TIMEOUT_S
    called: str = ""
    transport: httpx.BaseTransport | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.endpoint)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
            good = good and self.endpoint.isprintable() and not parts.query and not parts.fragment
        except ValueError:
            parts, good = urlsplit(""), False
        if good and "@" in parts.netloc:
            raise SettingError(
                f"the endpoint has a password in its address: put the key into {KEY_VARIABLE}"
            )
        if not good:
            raise SettingError(
                f"{self.endpoint!r} is no endpoint of a language model: give one like "
                "http://127.0.0.1:11434/v1"
            )
        if not self.name.strip():
            raise SettingError(
                "no language model is named: give --language-model NAME beside --endpoint"
            )
        if self.key is not None and not (self.key.isascii() and self.key.isprintable()):
            raise SettingError(
                f"{KEY_VARIABLE} has letters no header can carry: take ASCII letters"
            )

    @classmethod
    def named(cls, endpoint: str | None, name: str | None) -> LanguageModel | None:
        """The model that options name, with the key of the environment; None where none is named.

        Raises:
            SettingError: one of both is missing, or as for `LanguageModel`.

        Example:
            >>> LanguageModel.named(None, None) is None
            True
        """
        if endpoint is None and name is None:
            return None
        if endpoint is None:
            raise SettingError(
                f"language_model is {name}, and nobody knows where: give --endpoint URL beside it"
            )
        return cls(endpoint, name or "", os.environ.get(KEY_VARIABLE) or None)

    @property
    def url(self) -> str:
        """Where it is asked."""
        base = self.endpoint.rstrip("/")
        base = base if urlsplit(base).path else f"{base}/v1"
        return base if base.endswith("/chat/completions") else f"{base}/chat/completions"

    @property
    def host(self) -> str:
        """What messages call the endpoint."""
        return self.called or urlsplit(self.endpoint).netloc

    def ask(self, messages: Sequence[Mapping[str, str]], **options: Any) -> str:
        """The text that the model answers with.

        Args:
            messages: as the API has them, each with `role` and `content`.
            options: further parts of the request.

        Raises:
            ServerError: there is no answer, or none that holds text; `status` is what the server
                said, if it refused.
        """
        headers = {"Accept-Encoding": "identity"}
        headers |= {"Authorization": f"Bearer {self.key}"} if self.key else {}
        request = {"model": self.name, "messages": list(messages), "stream": False, **options}
        try:
            with (
                httpx.Client(
                    timeout=self.timeout_s, follow_redirects=False, transport=self.transport
                ) as client,
                client.stream("POST", self.url, json=request, headers=headers) as response,
            ):
                if response.is_redirect:
                    raise ServerError(
                        f"{self.host} sends elsewhere, where nothing is sent: give the right "
                        "--endpoint",
                        response.status_code,
                    )
                if not response.is_success:
                    raise ServerError(_refusal(self.host, response), response.status_code)
                answer = self._received(response)
        except httpx.TimeoutException:
            raise self._too_late() from None
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise ServerError(
                self.without_key(
                    f"{self.host} cannot be asked ({reason}): check --endpoint and the network"
                )
            ) from None
        return self._text(answer)

    def without_key(self, text: str) -> str:
        """A text that may come from outside, in which nobody reads the key."""
        return text.replace(self.key, "…") if self.key else text

    def _received(self, response: httpx.Response) -> bytes:
        """The body, if it is no larger and comes no later than it may."""
        end, body = time.monotonic() + self.timeout_s, bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise ServerError(
                    f"{self.host} answers with more than {LARGEST_ANSWER:,} bytes, which is no "
                    "plan: check --endpoint and --language-model"
                )
            if time.monotonic() > end:
                raise self._too_late()
        return bytes(body)

    def _too_late(self) -> ServerError:
        return ServerError(
            f"{self.host} did not answer within {self.timeout_s:g} s: try again, or take a smaller "
            "--language-model"
        )

    def _text(self, answer: bytes) -> str:
        try:
            text = json.loads(answer)["choices"][0]["message"]["content"]
        except (LookupError, TypeError, ValueError, RecursionError):
            text = None
        if not isinstance(text, str):
            raise ServerError(
                f"{self.host} answers otherwise than an OpenAI-compatible endpoint does: check "
                "--endpoint"
            )
        return text


def plan_by_model(
    text: str,
    model: LanguageModel,
    *,
    given: int = 0,
    library: Library | None = None,
    directed: Collection[str] = DIRECTED,
    styles: Mapping[str, str] | None = None,
) -> Plan:
    """The plan that a language model makes of words; else that of the vocabulary, with a note.

    Args:
        text: any description, of at most `MOST_TEXT` characters.
        model: who is asked, once, and once more with what was wrong.
        given, library, directed: as for `plan_of`.
        styles: what the model may choose from, by name and with what each is; the samples if left
            out. Names of our painters begin with "paint:".

    Raises:
        SettingError: the words are empty or too long; or the model has no plan, and the vocabulary
            none either.
    """
    if not text.strip() or len(text) > MOST_TEXT:
        return plan_of(text, given=given)  # which refuses it
    offered = SHOWS["style"] if styles is None else styles
    try:
        return _asked(text, model, given, offered)
    except ServerError as error:
        why = str(error)
    try:
        plan = plan_of(text, given=given, library=library, directed=directed)
    except ImpastoError as error:
        raise SettingError(f"{error}; and no language model helps: {why}") from None
    note = f"read by the vocabulary, as the language model made no plan: {why}"
    return plan.model_copy(update={"notes": (*plan.notes, note)})


def _asked(text: str, model: LanguageModel, given: int, styles: Mapping[str, str]) -> Plan:
    """The model's plan, at most at the second try.

    Raises:
        ServerError: it has none.
    """
    listed = "\n".join(f"{name}: {what}" for name, what in styles.items())
    schema = _schema()
    task = _TASK.format(styles=listed, schema=json.dumps(schema, ensure_ascii=False))
    messages = [{"role": "system", "content": task}, {"role": "user", "content": text}]
    if given:
        beside = f"{given} pictures to learn from are given beside the words; styles may be none."
        messages.insert(1, {"role": "system", "content": beside})
    form = {"name": "plan", "schema": schema}
    options: dict[str, Any] = {
        "temperature": 0,
        "response_format": {"type": "json_schema", "json_schema": form},
    }
    wrong = ""
    for _ in range(TRIES):
        try:
            answer = model.ask(messages, **options)
        except ServerError as error:
            if error.status != httpx.codes.BAD_REQUEST or not options:
                raise
            # Not every endpoint knows these; the schema stands in the task as well.
            options, wrong = {}, str(error)
            continue
        try:
            plan = _plan(text, answer, given, styles)
        except (ImpastoError, ValidationError) as error:
            wrong = model.without_key(_reason(error))
        else:
            note = f"read by the language model {model.name} at {model.host}"
            return plan.model_copy(update={"notes": (*plan.notes, note)})
        told = f"That is no plan ({wrong}). Answer with the corrected JSON object alone."
        messages += [
            {"role": "assistant", "content": answer[:LONGEST_REPLY]},
            {"role": "user", "content": told},
        ]
    raise ServerError(f"{model.name} at {model.host} gives no plan ({wrong})")


def _plan(text: str, answer: str, given: int, styles: Mapping[str, str]) -> Plan:
    """The plan in an answer, which may have thoughts before it and a fence around it."""
    told = re.sub(r"<think>.*?</think>", "", answer, flags=re.DOTALL)
    begin, end = told.find("{"), told.rfind("}")
    if not 0 <= begin < end:
        raise SettingError("it holds no JSON object")
    plan = Plan.of_model(text, told[begin : end + 1])
    plan.check_sources(styles.keys())
    for source in plan.sources():
        if source.startswith(PAINT) and source.partition("?")[0] not in styles:
            raise SettingError(f"{source.partition('?')[0]} is none of the styles")
    if plan.styles or given:
        return plan
    style = PlannedStyle(source=default_style(), share=1.0)
    return plan.model_copy(update={"styles": (style,), "notes": (NO_STYLE.format(style.source),)})


def _schema() -> dict[str, Any]:
    """Of `Wishes`, without what is for people who read its code."""
    schema = Wishes.model_json_schema()
    schema["description"] = schema["description"].partition("\n")[0]
    return schema


def _refusal(host: str, response: httpx.Response) -> str:
    status = response.status_code
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return f"{host} lets nobody in with this key ({status}): check {KEY_VARIABLE}"
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return f"{host} has too much to do ({status}): try again later"
    if status == httpx.codes.NOT_FOUND:
        return f"{host} knows no such model or path ({status}): check --endpoint and the model"
    return f"{host} refuses ({status}): check --endpoint and --language-model"


def _reason(error: ImpastoError | ValidationError) -> str:
    """What is wrong with an answer, in a line."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"]))
        reason = f"{where}: {first['msg']}" if where else str(first["msg"])
    else:
        reason = str(error)
    line = " ".join(reason.split())
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"
