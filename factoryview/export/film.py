"""A film of a plant: the frames of a span as MP4 (H.264), GIF, or a series of PNG pictures.

Drawing and encoding go on side by side: frames are handed over as raw pixels, and converted and encoded on a thread
of their own, where the encoder uses the cores that drawing leaves free.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, BinaryIO

import pygame

from factoryview.errors import InputError, UsageError
from factoryview.export.picture import save_picture
from factoryview.language.said import said
from factoryview.output import check_output, replacing_long

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Chapter = tuple[float, float, str]
"""Begin and end in seconds, and its title."""
Write = Callable[[pygame.Surface], None]
SUFFIXES = (".mp4", ".gif")
_SERIES = re.compile(r"%0?\d*d")
_AHEAD = 4
"""Frames that wait for the encoder at most; each of 1080p is 8 MB."""
_CRF = "20"
"""Constant rate factor of x264: small letters stay sharp."""
_PRESET = "veryfast"
_TURN = 0.0002
"""Seconds after which the thread that draws lets the encoder go on; with the usual 0.005 it waits for its turns."""
_GIF_FPS = 12.5
"""Frames a second of a GIF at most: browsers play faster ones slowly."""


def is_film(path: Path) -> bool:
    """Whether a name asks for more than one picture.

    >>> is_film(Path("a.mp4")), is_film(Path("a-%04d.png")), is_film(Path("a.png"))
    (True, True, False)
    """
    return path.suffix.lower() in SUFFIXES or _is_series(path)


def files_of(path: Path, frames: int) -> list[Path]:
    """The files that a film of so many frames is written to.

    >>> [file.name for file in files_of(Path("a-%02d.png"), 2)], len(files_of(Path("a.mp4"), 2))
    (['a-01.png', 'a-02.png'], 1)
    """
    return [_picture(path, number) for number in range(1, frames + 1)] if _is_series(path) else [path]


def usual_fps(path: Path) -> float:
    """Frames a second of which nothing was said: 30, and of a GIF 12.5 (it counts in hundredths of a second)."""
    return _GIF_FPS if path.suffix.lower() == ".gif" else 30


def check_film(path: Path, size: tuple[int, int], fps: float) -> None:
    """Raise UsageError for what no film can be made of, InputError where its encoder is not installed.

    size: pixels. fps: frames a second.
    """
    if path.suffix.lower() in SUFFIXES and find_spec("av") is None:
        raise InputError(
            said("error.no_av"), where=str(path),
            cure=said("error.install_av"),
        )  # fmt: skip
    if path.suffix.lower() == ".mp4" and (size[0] % 2 or size[1] % 2):
        raise UsageError(said("error.even_size", width=size[0], height=size[1]))
    if not 1 <= fps <= 120:
        raise UsageError(said("error.fps_range", fps=fps))
    if path.suffix.lower() == ".gif" and fps > 50:
        raise UsageError(said("error.fps_gif", fps=fps))


@contextmanager
def film_writer(
    path: Path, size: tuple[int, int], fps: float, *, title: str = "", chapters: Sequence[Chapter] = ()
) -> Iterator[Write]:
    """A function that takes the frames of a film one after the other; the film is there when the context ends well.

    path: .mp4, .gif, or a name with a number such as `plant-%04d.png`. size: pixels of every frame. fps: frames a
    second. An exception inside leaves no film behind. Raises InputError if it cannot be written or encoded.
    """
    if _is_series(path):
        written: list[Path] = []
        try:
            yield _series(path, written)
        except BaseException:
            for picture in written:
                with suppress(OSError):
                    picture.unlink()
            raise
        return
    try:
        with replacing_long(path) as file, _encoding(_Encoder(file, path, size, fps, title, chapters)) as write:
            yield write
    except OSError as error:
        raise InputError(said("error.film_not_written", why=error), where=str(path)) from error


def _is_series(path: Path) -> bool:
    return path.suffix.lower() == ".png" and len(_SERIES.findall(path.name)) == 1 and path.name.count("%") == 1


def _picture(path: Path, number: int) -> Path:
    return path.with_name(path.name % number)


def _series(path: Path, written: list[Path]) -> Write:
    def write(surface: pygame.Surface) -> None:
        picture = _picture(path, len(written) + 1)
        check_output(picture)
        save_picture(surface, picture)
        written.append(picture)

    return write


@contextmanager
def _encoding(encoder: _Encoder) -> Iterator[Write]:
    """A thread that encodes, until all is encoded or an exception ends it."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    encoder.start()
    try:
        yield encoder.put
        encoder.finish()
    finally:
        encoder.stop()
        sys.setswitchinterval(interval)
    encoder.raise_failure()


class _Encoder(Thread):
    """Converts and encodes what is put into it, in order."""

    def __init__(
        self, file: BinaryIO, path: Path, size: tuple[int, int], fps: float, title: str, chapters: Sequence[Chapter]
    ) -> None:
        super().__init__(name="encoder", daemon=True)
        self._file, self._kind, self._size, self._title = file, path.suffix.lower()[1:], size, title
        self._chapters = chapters
        self._rate = Fraction(fps).limit_denominator(1001)
        self._frames: Queue[NDArray[np.uint8] | None] = Queue(_AHEAD)
        self._wanted = Event()
        self._wanted.set()
        self._failure: BaseException | None = None

    def put(self, surface: pygame.Surface) -> None:
        """The next frame; waits while the encoder is behind."""
        self._hand_over(pixels_of(surface))

    def finish(self) -> None:
        """No frame comes any more; waits for the end of the file."""
        self._hand_over(None)
        self.join()

    def stop(self) -> None:
        """Whatever was not encoded yet is not wanted any more."""
        self._wanted.clear()
        self.join()

    def raise_failure(self) -> None:
        """Raise what ended the thread, if anything did."""
        if self._failure is not None:
            raise self._failure

    def run(self) -> None:
        try:
            self._encode()
        except Exception as error:  # noqa: BLE001  (raised on the thread that draws)
            self._failure = error

    def _hand_over(self, frame: NDArray[np.uint8] | None) -> None:
        while self.is_alive():
            try:
                return self._frames.put(frame, timeout=0.2)
            except Full:
                continue
        self.raise_failure()

    def _received(self) -> Iterator[NDArray[np.uint8]]:
        while self._wanted.is_set():
            try:
                frame = self._frames.get(timeout=0.2)
            except Empty:
                continue
            if frame is None:
                return
            yield frame

    def _encode(self) -> None:
        import av  # here, for it takes a fifth of a second, and only films need it

        with av.open(self._file, "w", format=self._kind) as container:
            if self._title:
                container.metadata["title"] = self._title
            if self._kind == "gif":
                self._encode_gif(av, container)
            else:
                self._encode_mp4(av, container)

    def _encode_mp4(self, av: Any, container: Any) -> None:
        if self._chapters:
            container.set_chapters([
                {"id": k, "start": round(begin * 1000), "end": round(end * 1000), "time_base": Fraction(1, 1000),
                 "metadata": {"title": title}}
                for k, (begin, end, title) in enumerate(self._chapters)
            ])  # fmt: skip
        stream = container.add_stream("libx264", rate=self._rate, options={"crf": _CRF, "preset": _PRESET})
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuv420p"
        # what players assume of pictures of that height: ITU-R BT.709
        stream.codec_context.colorspace = stream.codec_context.color_primaries = stream.codec_context.color_trc = 1
        convert = av.video.reformatter.VideoReformatter().reformat  # one for all: each makes tables of its own
        for number, pixels in enumerate(self._received()):
            frame = convert(
                av.VideoFrame.from_numpy_buffer(pixels, format="bgra"), format="yuv420p", dst_colorspace="itu709"
            )
            frame.pts, frame.time_base = number, 1 / self._rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())

    def _encode_gif(self, av: Any, container: Any) -> None:
        """Each frame has a palette of its own 256 colours, so that no frame waits for the last one."""
        stream = container.add_stream("gif", rate=self._rate)
        stream.width, stream.height = self._size
        stream.pix_fmt = "pal8"
        graph = _palettes(av, self._size, 1 / self._rate)
        for number, pixels in enumerate(self._received()):
            frame = av.VideoFrame.from_ndarray(pixels, format="bgra")
            frame.pts, frame.time_base = number, 1 / self._rate
            graph.push(frame)
            container.mux(stream.encode(graph.pull()))
        container.mux(stream.encode())


def _palettes(av: Any, size: tuple[int, int], time_base: Fraction) -> Any:
    """A filter graph from coloured frames to frames with a palette."""
    graph = av.filter.Graph()
    source = graph.add_buffer(width=size[0], height=size[1], format="bgra", time_base=time_base)
    opaque, split = graph.add("format", "pix_fmts=bgr0"), graph.add("split")
    make = graph.add("palettegen", "stats_mode=single")
    use, sink = graph.add("paletteuse", "new=1:dither=none"), graph.add("buffersink")
    source.link_to(opaque)
    opaque.link_to(split)
    split.link_to(make, 1, 0)
    split.link_to(use, 0, 0)
    make.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    return graph


def pixels_of(surface: pygame.Surface) -> NDArray[np.uint8]:
    """A copy of the pixels of an opaque surface of 32 bits: height × width × (blue, green, red, unused)."""
    import numpy as np

    raw: NDArray[np.uint8] = np.frombuffer(surface.get_buffer().raw, np.uint8)
    rows: NDArray[np.uint8] = raw.reshape(surface.height, surface.get_pitch() // 4, 4)
    return rows[:, : surface.width]
