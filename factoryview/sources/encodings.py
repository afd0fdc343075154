"""In which encoding a text is written: said, marked, valid UTF-8, or guessed by the letters that it gives."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from factoryview.errors import InputError, UsageError
from factoryview.language.said import either, said
from factoryview.sources.columns import headers
from factoryview.sources.events import Finding, Guess
from factoryview.sources.files import InputFile
from factoryview.sources.limits import LONGEST_LINE

UTF8 = ("utf-8", "utf-8-sig")
TWICE = "utf-8 twice"
"""UTF-8 that was taken for Windows-1252 and encoded as UTF-8 once more."""
_CHUNK = 1 << 20
_PROBE = 1 << 15
"""Bytes of lines with letters beyond ASCII by which an encoding is judged."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_USUAL = (
    "cp1252", "cp1250", "iso8859_2", "cp1254", "cp1257", "iso8859_15", "cp850", "cp437", "cp852", "mac_roman",
    "mac_latin2", "cp1251", "koi8_r", "cp866", "iso8859_5", "cp1253", "iso8859_7", "cp1255", "cp1256",
    "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
"""Always tried beside what the library proposes; of equals the first one wins."""
_OLD = ("cp4", "cp7", "cp8", "mac_", "iso8859_4", "iso8859_10", "iso8859_14")
"""Hardly written any more."""
_ALPHABETS = {
    "Western": (
        "äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "àèéìíòóù", "áéëïóöü", "ãáâàçéêíóôõú", "åäöé", "æøåé", "äöå",
    ),
    "Central European": (
        "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ", "čćđšž", "čšž",
    ),
    "Turkish": ("çğıöşüâî",),
    "Baltic": ("äöõüšž", "āčēģīķļņšūž", "ąčęėįšųūž"),
    "Cyrillic": ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
    "Greek": ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",),
    "Hebrew": ("אבגדהוזחטיךכלםמןנסעףפץצקרשת",),
    "Arabic": ("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ",),
}  # fmt: skip
"""What the encodings of a family are for: the letters beyond ASCII of each of its languages."""
_SIGNS = frozenset("«»„“”‚‘’–—…€£§°º²³ª©®×·\u00a0İ€")
_EASTERN = {"cp932": (0x81, 0x97), "gb2312": (0xA1, 0xD7), "big5": (0xA1, 0xC6), "euc_kr": (0xA1, 0xC8)}
"""Codes of East Asia → the first bytes of their signs, syllables and common characters."""
_CERTAIN = 0.12
"""So much better than the next encoding that gives another text is beyond doubt."""
_NAMES = {"cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251", "mac_roman": "Mac Roman"}


@dataclass(frozen=True)
class Encoding:
    """How a text is encoded, and how sure that is."""

    name: str
    """As Python calls it."""
    said: bool = False
    """By the user."""
    others: tuple[str, ...] = ()
    """Encodings that would give another text and are hardly less likely, the likelier first."""
    family: str = ""

    @property
    def is_utf8(self) -> bool:
        return self.name in UTF8

    def report(self, file: str) -> tuple[list[Finding], list[Guess]]:
        """What a person should know of it."""
        if self.is_utf8 or self.said:
            return [], []
        if self.name == TWICE:
            text = said("reading.encoded_twice")
            return [Finding("warning", file, text, said("reading.say_utf"))], []
        shown = _NAMES.get(self.name, self.name.replace("_", "-").upper())
        if self.name.startswith("utf") or (self.family == "Western" and self.name == "cp1252" and not self.others):
            return [Finding("info", file, said("reading.encoding", shown=shown))], []
        options = tuple(f"--encoding {name}" for name in self.others or (() if self.name == "cp1252" else ("cp1252",)))
        family = self.family.lower().replace(" ", "_")
        kind = said("reading.of_family", shown=shown, family=said(f"family.{family}")) if self.family else shown
        text = said("reading.encoding_guessed", shown=kind)
        cure = said("reading.say_if_names_look_wrong", options=either(options) if options else "--encoding")
        return [Finding("ask", file, text, cure)], [Guess("encoding", self.name, options)]


def encoding_of(source: InputFile, certain: bool = True) -> Encoding:
    """The encoding of a text file: as said, by its byte-order mark, by zero bytes (UTF-16), by validity (UTF-8), else
    by the letters it gives.

    Unless `certain`, UTF-8 is judged by the beginning alone, for readers that notice when it goes wrong later.
    A file that is nearly all valid UTF-8 stays UTF-8; its broken lines are then set aside one by one.
    Raises UsageError for an encoding that does not exist.
    """
    if source.encoding is not None:
        return Encoding(known(source.encoding), said=True)
    head = source.head
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name)
    if (wide := _without_mark(head[:4096])) is not None:
        return Encoding(wide)
    if (not certain and is_valid_beginning(head)) or is_utf8(source.plain()):
        return Encoding(TWICE if _is_double(head) else "utf-8")
    probe, mostly_valid = _telling_lines(source.plain())
    return Encoding("utf-8") if mostly_valid else guess(probe)


def known(name: str) -> str:
    """An encoding as Python calls it. Raises UsageError for what is none, or none of text."""
    try:
        found = codecs.lookup(name)
        if not found._is_text_encoding:
            raise LookupError
    except (LookupError, ValueError):
        raise UsageError(said("error.no_encoding", name=name)) from None
    return found.name.replace("-", "_") if not found.name.startswith("utf") else found.name


def _without_mark(probe: bytes) -> str | None:
    if len(probe) < 8:
        return None
    even, odd = probe[::2].count(0) / len(probe[::2]), probe[1::2].count(0) / len(probe[1::2])
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.05 else None


def is_valid_beginning(head: bytes) -> bool:
    """Whether the beginning of a file is valid UTF-8; it may end within a letter."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def is_utf8(path: Path) -> bool:
    """Whether the whole file is valid UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_double(head: bytes) -> bool:
    """Whether every letter beyond ASCII of valid UTF-8 is one of a pair (or three) that would be UTF-8 again."""
    text = codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    pairs = re.findall(r"[^\x00-\x7f]+", text[: len(text) - 8])
    return bool(pairs) and all(_halved(pair) is not None for pair in pairs)


def _halved(text: str) -> str | None:
    try:
        return text.encode("cp1252", "factoryview-bytes").decode("utf-8")
    except UnicodeError:
        return None


def _telling_lines(path: Path) -> tuple[bytes, bool]:
    """The header and lines with bytes beyond ASCII, as many as it takes to judge; and whether nearly all such bytes
    are valid UTF-8."""
    found: list[bytes] = []
    size = valid = broken = 0
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            if line.isascii() and found:
                continue
            text = line.decode("utf-8", "replace")
            wrong = text.count("\ufffd")
            broken += wrong
            valid += len(text) - len(text.encode("ascii", "ignore")) - wrong
            if size < _PROBE:
                found.append(line[:_PROBE])
                size += len(line)
    return b"".join(found), valid > broken


def guess(probe: bytes) -> Encoding:
    """The encoding under which the text's letters are those of one language, judged by lines that have some.

    >>> guess("Początek;Sprawdź;Zakończ\\n".encode("cp1250")).name
    'cp1250'
    """
    from charset_normalizer import from_bytes  # few texts have to be guessed at

    proposed = [match.encoding for match in from_bytes(probe)]
    scored: dict[str, tuple[float, str, str]] = {}
    texts: set[str] = set()
    for place, name in enumerate(dict.fromkeys((*_USUAL, *proposed))):
        try:
            text = probe.decode(name)
        except (UnicodeDecodeError, LookupError):
            if name != "cp1252":
                continue
            text = probe.decode(name, "factoryview-latin1")
        if text not in texts:
            texts.add(text)
            score, family = _plausible(text)
            scored[name] = (score + _trust(name, family, proposed) - 0.001 * place, text, family)
    ranked = sorted(scored, key=lambda name: -scored[name][0])
    points, _, family = scored[ranked[0]]
    others = tuple(name for name in ranked[1:4] if scored[name][0] > points - _CERTAIN)
    return Encoding(ranked[0], others=others, family=family)


def _trust(name: str, family: str, proposed: list[str]) -> float:
    """What the library's first proposal counts; it knows the scripts of East Asia, where letters tell little here."""
    trust = (0.05 if family == "East Asian" else 0.02) if name in proposed[:1] else 0.0
    return trust - 0.15 * name.startswith(_OLD)


def _plausible(text: str) -> tuple[float, str]:
    """How well the letters beyond ASCII are those of one language, and the family of encodings that is for."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    strange = Counter(char for char in text if char > "\x7f")
    total = strange.total()
    if not total:
        return 0.0, ""
    signs = sum(char in _SIGNS for char in re.sub(r"(?<=[^\W\d_])\W(?=[^\W\d_])", "", text))
    best, family = 0.0, ""
    for name, alphabets in _ALPHABETS.items():
        for alphabet in alphabets:
            own = sum(n for char, n in strange.items() if char.lower() in alphabet)
            share = (own + (0.6 if own else 0.3) * signs) / total
            if share > best:
                best, family = share, name
    if not best:
        usual = max(sum(n for char, n in strange.items() if _is_usual(char, code)) for code in _EASTERN)
        best, family = 0.75 * usual / total, "East Asian"
    bad = sum(map(_is_odd, words)) / max(len(words), 1)
    shouted = 0.05 * (bool(words) and all(word.isupper() for word in words))
    header = text.split("\n", 1)[0]
    cells = re.split(r"[;,\t|]", header)
    strange_cells = [cell.strip().strip('"') for cell in cells if not cell.isascii()]
    told = sum(headers.is_known(cell) for cell in strange_cells) / max(len(strange_cells), 1)
    controls = 0.3 * any("\x80" <= char < "\xa0" for char in strange)
    return best - 0.6 * bad - shouted - controls + 0.3 * told, family


def _is_usual(char: str, code: str) -> bool:
    """Whether a letter is one of those that the texts of a language are mostly made of."""
    low, high = _EASTERN[code]
    if "\u3040" <= char <= "\u30ff":
        return code == "cp932"
    if not ("\u3000" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3"):
        return False
    try:
        found = char.encode(code)
    except UnicodeEncodeError:
        return False
    return len(found) == 2 and low <= found[0] <= high


def _is_odd(word: str) -> bool:
    """Whether upper and lower case, or letters of two scripts, are mixed in a word as in none."""
    latin = any(char < "\u0250" for char in word)
    return (latin and any(char >= "\u0370" for char in word)) or not (
        word.islower() or word.isupper() or word[1:] == word[1:].lower()
    )


def as_utf8(source: InputFile, encoding: str) -> Path:
    """A UTF-8 copy of the unpacked file, line ends kept; bytes without a meaning become U+FFFD.

    Raises InputError where the encoding does not take the bytes at all.
    """
    target = source.scratch("utf8.txt")
    errors = "replace" if encoding.startswith(("utf", "gb", "euc", "shift", "big5", "cp9")) else "factoryview-latin1"
    read_as = "utf-8" if encoding == TWICE else encoding
    try:
        with (
            source.plain().open("r", encoding=read_as, errors=errors, newline="") as text,
            target.open("w", encoding="utf-8", newline="") as copy,
        ):
            while chunk := text.read(_CHUNK):
                copy.write(_once(chunk) if encoding == TWICE else chunk)
    except UnicodeError as error:
        raise InputError(
            said("error.not_in_encoding", encoding=encoding), where=source.name, cure=said("error.another_encoding")
        ) from error
    return target


def _once(text: str) -> str:
    return re.sub(r"[^\x00-\x7f]+", lambda found: _halved(found[0]) or found[0], text)


def _latin1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


def _bytes(error: UnicodeError) -> tuple[bytes, int]:
    """For the five bytes that Windows-1252 leaves open."""
    if not isinstance(error, UnicodeEncodeError) or not error.object[error.start : error.end] < "\u00a0":
        raise error
    return error.object[error.start : error.end].encode("latin-1"), error.end


codecs.register_error("factoryview-latin1", _latin1)
codecs.register_error("factoryview-bytes", _bytes)
