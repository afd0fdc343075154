"""Films of a plant: a span as it was, or a reel of the moments that matter, with captions beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pygame

from factoryview.errors import InputError
from factoryview.export.captions import Caption, Shown, shown
from factoryview.export.film import film_writer
from factoryview.export.frames import Frames, camera_at
from factoryview.export.picture import save_picture
from factoryview.language.said import said
from factoryview.output import replacing
from factoryview.scene.chrome.caption import caption_node
from factoryview.scene.floor.camera import Camera, eased
from factoryview.scene.painter import SMALLEST_TEXT
from factoryview.scene.theme import Theme
from factoryview.scene.ui.node import Node
from factoryview.view.presentation import Presentation
from factoryview.view.reel import Cut, chapters, shots
from factoryview.view.reel import captions as captions_of

Progress = Callable[[float], None]
"""Gets the share that is done, 0 to 1. What it raises ends the film, and leaves none behind."""
CLOSE_UP = 1.8
"""How much nearer a reel goes to a stage."""


@dataclass(frozen=True)
class Format:
    """What a film is like."""

    size: tuple[int, int]
    """Pixels."""
    fps: float
    theme: Theme
    smallest_text: float = SMALLEST_TEXT
    low_motion: bool = False
    logo: pygame.Surface | None = None
    scale: float = 1.0
    """Of all that is not floor."""


def write_film(
    presentation: Presentation, path: Path, form: Format, span: tuple[int, int], seconds: float, progress: Progress,
    captions: Sequence[Caption] = (),
) -> int:  # fmt: skip
    """Film a span (µs UTC) in so many seconds of display; how many frames it has. The last one is the span's end.

    The frames are those that a window of that size shows. captions: stand in the picture, one at a time, and beside a
    film as .srt and .vtt. Raises InputError if something cannot be written.
    """
    moments, pace = moments_of(span, seconds, form.fps)
    frames, count = _frames(presentation, form), len(moments)
    stretches = shown(captions, moments, form.fps)
    with film_writer(path, form.size, form.fps, title=presentation.facts.title) as write:
        for k, at in enumerate(moments, 1):
            known_by(presentation, at)
            over = caption_over(stretches, k - 1, frames)
            write(frames.at(at, pace, playing=k < count, overlay=over))
            progress(k / count)
    if captions and "%" not in path.name:
        _write_captions(path, [(each.begin / form.fps, each.end / form.fps, each.text) for each in stretches])
    return count


def caption_over(stretches: Sequence[Shown], number: int, frames: Frames) -> tuple[Node, ...]:
    """What lies over the frame of a number, from 0."""
    words = next((each.text for each in stretches if each.begin <= number < each.end), "")
    return (caption_node(words, "", frames.composition, frames.taken()),) if words else ()


def moments_of(span: tuple[int, int], seconds: float, fps: float) -> tuple[list[int], float]:
    """The moments of a film's frames (µs UTC), from the span's begin to its end, and data µs per second of display.

    >>> moments_of((0, 3_000_000), 2.0, 2.0)
    ([0, 1000000, 2000000, 3000000], 1500000.0)
    """
    first, last = span
    count = frames_in(seconds, fps)
    return [first + round((last - first) * k / (count - 1)) for k in range(count)], (last - first) / seconds


def frames_in(seconds: float, fps: float) -> int:
    """How many frames a film has that is so long: at least its begin and its end."""
    return max(2, round(seconds * fps))


def write_reel(presentation: Presentation, path: Path, form: Format, film: Sequence[Cut], progress: Progress) -> int:
    """Film these cuts; how many frames it has. Captions stand in the picture, and beside the film as .srt and .vtt;
    the film has a chapter for each, and its gravest moment stands beside it as .png, to be shown before it plays.

    Raises InputError if something cannot be written.
    """
    frames, cuts = _frames(presentation, form), list(film)
    planned = list(shots(cuts, form.fps))
    cameras = {cut.stage: _close_up(presentation, frames, cut.stage) for cut in cuts if cut.stage}
    poster = _poster(cuts, form.fps)
    named = [(begin, end, title) for begin, end, title in chapters(cuts)]
    with film_writer(path, form.size, form.fps, title=presentation.facts.title, chapters=named) as write:
        for k, shot in enumerate(planned):
            known_by(presentation, shot.at)
            camera = frames.camera.towards(cameras[shot.stage], eased(shot.near)) if shot.near else frames.camera
            taken = frames.taken(cameras.get(shot.stage), shot.stage)
            over = (caption_node(shot.title, shot.detail, frames.composition, taken),) if shot.title else ()
            write(frames.at(shot.at, shot.pace, playing=True, camera=camera, overlay=over))
            if k == poster:
                save_picture(frames.surface, path.with_suffix(".png"))
            progress((k + 1) / len(planned))
    _write_captions(path, captions_of(cuts))
    return len(planned)


def beside(path: Path, *, reel: bool) -> tuple[Path, ...]:
    """The files that are written beside a film with captions."""
    return tuple(path.with_suffix(suffix) for suffix in (".srt", ".vtt", *((".png",) if reel else ())))


def _write_captions(path: Path, said: Sequence[tuple[float, float, str]]) -> None:
    _write_text(path.with_suffix(".srt"), subrip(said))
    _write_text(path.with_suffix(".vtt"), webvtt(said))


def subrip(said: Sequence[tuple[float, float, str]]) -> str:
    """Captions (begin and end in seconds, words) as a SubRip file.

    >>> print(subrip([(1.5, 4.0, "A jam")]))
    1
    00:00:01,500 --> 00:00:04,000
    A jam
    <BLANKLINE>
    """
    return "\n".join(
        f"{k}\n{_time(begin, ',')} --> {_time(end, ',')}\n{words}\n" for k, (begin, end, words) in enumerate(said, 1)
    )


def webvtt(said: Sequence[tuple[float, float, str]]) -> str:
    """Captions as a WebVTT file (W3C)."""
    blocks = [f"{_time(begin, '.')} --> {_time(end, '.')}\n{_escaped(words)}\n" for begin, end, words in said]
    return "\n".join(["WEBVTT\n", *blocks])


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(seconds: float, point: str) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"


def _frames(presentation: Presentation, form: Format) -> Frames:
    return Frames(presentation, form.size, form.theme, smallest_text=form.smallest_text, low_motion=form.low_motion,
                  logo=form.logo, scale=form.scale)  # fmt: skip


def known_by(presentation: Presentation, at: int) -> None:
    """Have what is found out by a moment, so that its frame does not depend on how fast that goes."""
    studied = presentation.model.studied
    if studied is not None and studied.findings is not None:
        studied.findings.at(at)


def _close_up(presentation: Presentation, frames: Frames, stage: str) -> Camera:
    facts = presentation.facts
    return camera_at(facts, frames.composition, CLOSE_UP, stage).inside(facts.floor.plan)


def _poster(cuts: Sequence[Cut], fps: float) -> int:
    """The frame in the middle of the first stretch with a caption about a stage, else of the film."""
    begin = 0.0
    for cut in cuts:
        if cut.stage:
            return round((begin + 0.7 * cut.seconds) * fps)
        begin += cut.seconds
    return round(begin / 2 * fps)


def _write_text(path: Path, text: str) -> None:
    try:
        with replacing(path) as file:
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(said("error.captions_not_written", why=error), where=str(path)) from error
