"""The lenses of a plant: looked up on a worker thread while the old picture stays, and what their hues say in words."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from factoryview.desk.conditions import attribute_words
from factoryview.language import Language
from factoryview.view.lens import AGE, ATTRIBUTE, CHANNEL, DEADLINE, Lens, lens_of, lenses_of
from factoryview.view.model import Model

_MOST_LETTERS = 24
_ZONES = ("early", "middle", "near", "late")


class Lenses:
    """What is looked through. `seen` returns at once."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "lens")
        self._names: tuple[Model, Future[tuple[str, ...]]] | None = None
        self._looked_up: tuple[Model, str, Future[Lens]] | None = None
        self._shown: tuple[Model, Lens, Model] | None = None

    def names(self, whole: Model) -> tuple[str, ...]:
        """All lenses of a plant; the channel alone until they are known."""
        if self._names is None or self._names[0] is not whole:
            factory = whole.factory
            self._names = whole, self._worker.submit(lambda: tuple(lenses_of(factory)))
        found = self._names[1]
        return found.result() if found.done() else (CHANNEL,)

    def after(self, whole: Model, name: str) -> str:
        """The lens that comes after another."""
        names = self.names(whole)
        return names[(names.index(name) + 1) % len(names)] if name in names else CHANNEL

    def seen(self, model: Model, whole: Model, name: str) -> Model:
        """A model through a lens; as it is until the lens is there. whole: of all cases."""
        if name == CHANNEL:
            return model
        if self._looked_up is None or self._looked_up[:2] != (whole, name):
            self._looked_up = whole, name, self._worker.submit(lens_of, whole.factory, name, whole.counts)
        found = self._looked_up[2]
        if not found.done():
            return model
        lens = found.result()
        if self._shown is None or self._shown[:2] != (model, lens):
            self._shown = model, lens, model.through(lens)
        self._shown[2].studied = model.studied
        return self._shown[2]

    def settle(self) -> None:
        """Wait until all has come that was asked for."""
        if self._names is not None:
            self._names[1].result()
        if self._looked_up is not None:
            self._looked_up[2].result()


def lens_words(name: str, language: Language) -> str:
    """A lens as people call it."""
    if name.startswith(ATTRIBUTE):
        return attribute_words(name.removeprefix(ATTRIBUTE))
    return language.text(f"lens.{name}")


def hue_words(lens: Lens, language: Language) -> Iterator[tuple[int, str]]:
    """What each hue says, in the order of the hues; 0 last."""
    say = language.text
    if lens.name == DEADLINE:
        yield from ((zone, say(f"zone.{name}")) for zone, name in enumerate(_ZONES, start=1))
    elif lens.values:
        yield from ((k, _short(text)) for k, text in enumerate(lens.values, start=1))
    else:
        write = language.duration if lens.name == AGE else language.money
        edges = [write(edge) for edge in lens.edges]
        yield from ((k, say("lens.under", edge=edge)) for k, edge in enumerate(edges, start=1))
        if edges:
            yield len(edges) + 1, say("lens.over", edge=edges[-1])
    yield 0, say("lens.others" if lens.values else "lens.unknown")


def _short(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1] + "…"
