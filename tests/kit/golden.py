"""A dozen scenes, looked at and found good. `python -m tests.kit.golden --accept` keeps what is drawn now.

They are kept at half the size of 1080p and with fewer shades, which is enough to see a belt in the wrong place.
"""

from __future__ import annotations

import html
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import numpy as np
import pygame

from factoryview.export.picture import render_frame
from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.language import Code, Language
from factoryview.scene.text import recording
from factoryview.scene.theme import Theme
from factoryview.scene.themes import DAY, NIGHT
from factoryview.time import MINUTE
from factoryview.view.health import SILENT
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.small_plants import BEGIN, kept, late_health

FOLDER = Path(__file__).parents[1] / "golden"
FAILED = FOLDER / "failed"
KEPT_SIZE = (960, 540)
SHADES = 8
"""Steps between shades that are kept: fewer bits, smaller files."""
NEAR_ENOUGH = 28
"""Difference of a channel that is no difference: shades, and how libraries round edges."""
STRAY = 0.002
"""Share of pixels that may differ more."""
WORDS = 18.0
"""Difference of the mean colour of a word: letters may lie a pixel elsewhere, but a word may not be missing."""
Picture = np.ndarray
"""Width × height × 3, 0 to 255."""


@dataclass(frozen=True)
class Scene:
    """What to draw: a plant, when (a share of its log, below 0: the worst moment), and how."""

    plant: str
    at: float = -1.0
    code: Code = "en"
    theme: Theme = NIGHT
    size: tuple[int, int] = (1920, 1080)
    zoom: float = 1.0
    centre: str | None = None
    late: bool = False
    """The source of its later half is late."""


SCENES = {
    "calm": Scene("calm", 0.47),
    "jam": Scene("jammed", 0.91, code="de"),
    "jam-by-day": Scene("jammed", 0.91, code="de", theme=DAY),
    "rework": Scene("reworked", 0.6),
    "pile": Scene("piled", 1.0, code="de"),
    "counts-only": Scene("counted", theme=DAY),
    "tangled": Scene("tangled"),
    "near": Scene("jammed", code="de", theme=DAY, zoom=2.4, centre="Approval"),
    "middle": Scene("piled", theme=DAY, zoom=0.45),
    "far": Scene("piled", code="de", zoom=0.2),
    "720p": Scene("jammed", 0.91, size=(1280, 720)),
    "late": Scene("jammed", 0.8, code="de", late=True),
    "4K": Scene("reworked", code="de", size=(3840, 2160)),
}


@lru_cache(maxsize=2)
def counted(code: Code) -> Presentation:
    """A plant of which only counts are known: so many came and went at each stage each day."""
    stages = {"Call": (20, 20), "Visit": (18, 16), "Contract": (12, 12)}
    lines = ["stage,day,arrivals,departures"]
    for day in range(30):
        date = (BEGIN + timedelta(days=day)).date()
        lines += [f"{stage},{date},{came + day % 3},{went + day % 2}" for stage, (came, went) in stages.items()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        factory = open_factory(path, Opening())
    return Presentation(Model(factory), Language(code))


def draw(scene: Scene) -> tuple[Picture, list[pygame.Rect]]:
    """The scene at the kept size, and where its words stand."""
    presentation = counted(scene.code) if scene.plant == "counted" else kept(scene.plant, scene.code)
    share = presentation.model.first + round(scene.at * (presentation.model.last - presentation.model.first))
    moment = presentation.model.worst_moment() if scene.at < 0 else share
    stages = (*presentation.model.topology.stages, *presentation.model.topology.docks)
    later = stages[len(stages) // 2 :]
    health = (
        late_health(moment - 40 * MINUTE, moment, dict.fromkeys(later, frozenset({"CRM"}))) if scene.late else SILENT
    )
    with recording() as page:
        surface = render_frame(
            presentation,
            moment,
            size=scene.size,
            theme=scene.theme,
            zoom=scene.zoom,
            centre=scene.centre,
            health=health,
        )
    small = pygame.transform.smoothscale(surface, KEPT_SIZE)
    scale = KEPT_SIZE[0] / scene.size[0]
    words = []
    for line in page.written:
        ink = line.ink.clip(line.clip)
        if ink:
            words.append(pygame.Rect(*(round(part * scale) for part in ink)).inflate(6, 4).clip(small.get_rect()))
    return pygame.surfarray.array3d(small), words


def load(name: str) -> Picture:
    """A kept picture."""
    return pygame.surfarray.array3d(pygame.image.load(FOLDER / f"{name}.png"))


def differences(was: Picture, now: Picture, words: list[pygame.Rect]) -> tuple[Picture, list[str]]:
    """Where two pictures differ (white), and why that is too much, in sentences."""
    far = (np.abs(was.astype(int) - now) > NEAR_ENOUGH).any(axis=2)
    loose = np.zeros_like(far)
    why = []
    for box in words:
        part = (slice(box.left, box.right), slice(box.top, box.bottom))
        loose[part] = True
        apart = np.abs(was[part].mean(axis=(0, 1)) - now[part].mean(axis=(0, 1))).max()
        if apart > WORDS:
            why.append(f"the words at {tuple(box)} differ by {apart:.0f}")
    stray = far & ~loose
    if stray.mean() > STRAY:
        why.append(f"{stray.mean():.2%} of the pixels differ, first at {tuple(np.argwhere(stray)[0].tolist())}")
    return np.repeat((stray[..., None] * 255).astype(np.uint8), 3, axis=2), why


def show_failure(name: str, was: Picture, now: Picture, difference: Picture, why: list[str], folder: Path) -> Path:
    """Write was, is and difference, and a page with all that failed. Returns the page."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, picture in (("was", was), ("is", now), ("difference", difference)):
        pygame.image.save(pygame.surfarray.make_surface(picture), folder / f"{name}.{kind}.png")
    (folder / f"{name}.txt").write_text("\n".join(why), encoding="utf-8")
    rows = []
    for told in sorted(folder.glob("*.txt")):
        pictures = "".join(
            f'<figure><img src="{told.stem}.{kind}.png"><figcaption>{kind}</figcaption></figure>'
            for kind in ("was", "is", "difference")
        )
        reasons = html.escape(told.read_text(encoding="utf-8")).replace("\n", "<br>")
        rows.append(f"<h2>{html.escape(told.stem)}</h2><p>{reasons}</p><div>{pictures}</div>")
    style = "body{font:16px sans-serif;background:#222;color:#eee}div{display:flex;gap:8px}img{width:100%}"
    page = folder / "index.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><title>Golden frames</title><style>{style}</style>{"".join(rows)}',
        encoding="utf-8",
    )
    return page


def accept(names: list[str], say: Callable[[str], None] = print) -> None:
    """Keep what is drawn now. Look at each picture before you commit it."""
    FOLDER.mkdir(exist_ok=True)
    for name in names:
        picture, _ = draw(SCENES[name])
        coarse = (picture // SHADES * SHADES + SHADES // 2).astype(np.uint8)
        path = FOLDER / f"{name}.png"
        pygame.image.save(pygame.surfarray.make_surface(coarse), path)
        say(f"{path.name}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    wanted = [name for name in sys.argv[1:] if name != "--accept"] or list(SCENES)
    if "--accept" not in sys.argv or set(wanted) - set(SCENES):
        sys.exit(f"python -m tests.kit.golden --accept [SCENE…]; scenes: {', '.join(SCENES)}")
    accept(wanted)
