"""What is said for a while, in a box over the plant."""

import pytest

from factoryview.scene.chrome.dialog import Notice, notice_node, tip_node
from factoryview.scene.text import width
from factoryview.scene.ui.composition import composed

LONG = (
    "Seit 11. Juni 2025 bleiben Fälle bei Freigabe 3,9 d länger (vorher 3,8 d, seither 7,7 d). Geändert hat sich viel."
)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (540, 960)])
@pytest.mark.parametrize("words", ["Gut.", LONG, f"{LONG} {LONG}", ""])
def test_a_sentence_stands_in_lines_that_fit_their_box(size: tuple[int, int], words: str) -> None:
    composition = composed(size)
    for node in (notice_node(words, composition), tip_node(words, composition.timeline, composition)):
        assert isinstance(node.key, Notice)
        assert " ".join(node.key.lines) == words == node.label
        assert composition.rect.contains(node.rect)
        letters = round(2.6 * composition.unit)
        assert max(width(line, letters, "Medium") for line in node.key.lines) < node.rect.w
        assert (len(node.key.lines) > 1) >= (len(words) > 200)
        assert node.rect.w < 0.7 * size[0] or size[0] < size[1]
        assert node.rect.h >= len(node.key.lines) * letters
