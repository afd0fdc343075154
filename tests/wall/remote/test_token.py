"""The token of the remote: from the environment or made once, readable by nobody else."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from factoryview.errors import InputError
from factoryview.wall.remote.token import address_of, page_url, token_from


def test_a_token_is_made_once_and_only_this_user_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "wall.token"
    token = token_from(None, {}, path)
    assert len(token) >= 24
    assert token_from(None, {}, path) == token != token_from(None, {}, tmp_path / "wall.token")
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
        with pytest.raises(InputError, match="Others can read") as caught:
            token_from(None, {}, path)
        assert token not in str(caught.value)


@pytest.mark.parametrize("token", ["", "guess-me", "x" * 15, "with a space in it", "ü" * 20, "x" * 300])
def test_a_token_that_could_be_guessed_is_refused_and_not_repeated(tmp_path: Path, token: str) -> None:
    (tmp_path / "wall.token").write_text(token, encoding="utf-8")
    (tmp_path / "wall.token").chmod(0o600)
    for variable in ("TOKEN", None):
        with pytest.raises(InputError, match="16 characters") as caught:
            token_from(variable, {"TOKEN": token}, tmp_path / "wall.token")
        assert not token or token not in str(caught.value)


def test_the_address_keeps_every_sign_of_the_token() -> None:
    token = "a/b+c#d?e&f%20=" * 2
    url = urlsplit(page_url(address_of("fd00::1", 8730), token))
    assert (url.netloc, url.path, url.query, unquote(url.fragment)) == ("[fd00::1]:8730", "/", "", token)
    assert address_of("wall.example", 80) == "http://wall.example:80"
    for everywhere in ("0.0.0.0", "::"):
        assert everywhere not in re.split(r"[/\[\]]+|:\d+$", address_of(everywhere, 80)), "no phone can reach that"
