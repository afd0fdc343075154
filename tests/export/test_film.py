"""Films: every frame, at its time, as it was drawn; and nothing left behind where one is not finished."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np
import pygame
import pytest

from factoryview.errors import UsageError
from factoryview.export.film import film_writer, is_film, pixels_of
from factoryview.export.filming import Format, beside, write_film, write_reel
from factoryview.export.frames import Frames
from factoryview.scene.themes import NIGHT
from factoryview.view.reel import captions, cuts, shots
from tests.kit.command import factoryview, write_log
from tests.kit.small_plants import jammed, presentation_of

av = pytest.importorskip("av", reason="films need the package av")
SIZE = (320, 180)
ROOT = Path(__file__).parents[2]


def colours(count: int) -> list[pygame.Surface]:
    """Frames that are told apart by their shade."""
    found = []
    for k in range(count):
        surface = pygame.Surface(SIZE, depth=32)
        surface.fill((20 * k, 255 - 20 * k, 60))
        found.append(surface)
    return found


def decoded(path: Path) -> list[tuple[Fraction, np.ndarray]]:
    with av.open(str(path)) as container:
        return [(frame.pts * frame.time_base, frame.to_ndarray(format="bgr24")) for frame in container.decode(video=0)]


@pytest.mark.parametrize(("name", "fps"), [("a.mp4", 30), ("a.mp4", 29.97), ("a.gif", 12.5)])
def test_a_film_has_each_frame_at_its_time(name: str, fps: float, tmp_path: Path) -> None:
    path, frames = tmp_path / name, colours(10)
    with film_writer(path, SIZE, fps, title="plant") as write:
        for frame in frames:
            write(frame)
    found = decoded(path)
    assert len(found) == len(frames)
    for k, ((at, picture), frame) in enumerate(zip(found, frames, strict=True)):
        assert float(at) == pytest.approx(k / fps, abs=1e-4)
        wanted = np.array(tuple(frame.get_at((0, 0)))[2::-1])
        assert np.abs(picture.reshape(-1, 3).mean(axis=0) - wanted).max() < 6, (k, "the colours are those drawn")
    assert os.listdir(tmp_path) == [name]


def test_a_film_that_is_not_finished_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"before")

    def interrupted() -> None:
        with film_writer(path, SIZE, 30) as write:
            write(colours(1)[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["a.mp4"]


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="this system knows no files without names")
def test_a_killed_film_leaves_nothing_behind(tmp_path: Path) -> None:
    code = """
import pygame, sys
from pathlib import Path
from factoryview.export.film import film_writer
surface = pygame.Surface((320, 180), depth=32)
with film_writer(Path(sys.argv[1]), (320, 180), 30) as write:
    for _ in range(200):
        write(surface)
    print("filming", flush=True)
    sys.stdin.read()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "a.mp4")], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        while b"filming" not in (line := process.stdout.readline()):
            assert line, "the film ended before it was killed"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()
    assert os.listdir(tmp_path) == []


def test_a_film_waits_for_an_encoder_that_is_behind(tmp_path: Path) -> None:
    with film_writer(tmp_path / "a.mp4", SIZE, 30) as write:
        for frame in colours(10) * 20:
            write(frame)
    assert len(decoded(tmp_path / "a.mp4")) == 200


def test_a_span_is_filmed_from_its_first_to_its_last_moment(tmp_path: Path) -> None:
    presentation = presentation_of(jammed())
    model = presentation.model
    model.study(model.first)
    shares: list[float] = []
    count = write_film(
        presentation, tmp_path / "a-%d.png", Format(SIZE, 5, NIGHT), (model.first, model.last), 1.0, shares.append
    )
    assert count == len(shares) == 5
    assert shares[-1] == 1.0
    first, last = (pygame.image.load(tmp_path / f"a-{k}.png") for k in (1, 5))
    pace = float(model.last - model.first)
    for picture, at, playing in ((first, model.first, True), (last, model.last, False)):
        again = Frames(presentation, SIZE, NIGHT).at(at, pace, playing=playing)
        assert (pixels_of(again)[..., :3] == pygame.surfarray.array3d(picture).swapaxes(0, 1)[..., ::-1]).all()


def test_a_reel_has_captions_chapters_and_a_poster(tmp_path: Path) -> None:
    presentation = presentation_of(jammed())
    model = presentation.model
    model.study(model.first)
    film, path = cuts(presentation, model.first, model.last), tmp_path / "reel.mp4"
    count = write_reel(presentation, path, Format(SIZE, 2, NIGHT), film, lambda _share: None)
    assert count == len(list(shots(film, 2))) == len(decoded(path))
    for file in beside(path, reel=True):
        assert file.exists(), file
    said = captions(film)
    assert said
    assert path.with_suffix(".vtt").read_text("utf-8").startswith("WEBVTT")
    assert path.with_suffix(".srt").read_text("utf-8").count(" --> ") == len(said)
    with av.open(str(path)) as container:
        assert [chapter["metadata"]["title"] for chapter in container.chapters()] == [
            words.splitlines()[0] for _, _, words in said
        ]


def test_the_command_films_and_says_what_it_cannot(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv")
    said = factoryview("render", log, "-o", tmp_path / "a.mp4", "-320x180", "--seconds", 0.5, "--fps", 4)
    assert said.status == 0, said.err
    assert len(decoded(tmp_path / "a.mp4")) == 2
    for wrong, why in (
        (("-o", tmp_path / "b.avi"), ".mp4"),
        (("-o", tmp_path / "b.mp4", "-321x180"), "even"),
        (("-o", tmp_path / "b.mp4", "--at", "0.5"), "--from"),
        (("-o", tmp_path / "b.mp4", "--from", "2025-01-02", "--to", "2025-01-01"), "between"),
        (("-o", tmp_path / "b.gif", "--reel"), ".mp4"),
        (("-o", tmp_path / "b.mp4", "--reel", "--seconds", 3), "--seconds"),
        (("-o", tmp_path / "b.png", "--seconds", 3), "film"),
        (("-o", tmp_path / "b.mp4", "--fps", 0), "--fps"),
    ):
        said = factoryview("render", log, *wrong)
        assert said.status == UsageError.exit_status, wrong
        assert why in said.err, (wrong, said.err)
    assert not list(tmp_path.glob("b*"))


def test_names_of_films() -> None:
    assert is_film(Path("a.MP4"))
    assert is_film(Path("a-%d.png"))
    assert not is_film(Path("100%.png"))


def test_threads_take_turns_as_before_once_a_film_is_made_or_given_up(tmp_path: Path) -> None:
    before = sys.getswitchinterval()
    for path, wrong in ((tmp_path / "a.mp4", False), (tmp_path / "b.mp4", True)):
        with suppress(ZeroDivisionError), film_writer(path, (64, 48), 10.0) as write:
            assert sys.getswitchinterval() < before
            write(pygame.Surface((64, 48), depth=32))
            if wrong:
                raise ZeroDivisionError
        assert sys.getswitchinterval() == before
