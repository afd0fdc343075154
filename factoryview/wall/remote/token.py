"""The token of the remote: whoever has it may steer. It stands in the code on the wall and nowhere in a log."""

from __future__ import annotations

import os
import re
import secrets
import socket
import stat
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

from factoryview.errors import InputError
from factoryview.language.said import said

SHORTEST = 16
"""Characters of a token: a shorter one could be guessed."""
_TOKEN = re.compile(r"[!-~]{16,256}")
_RANDOM_BYTES = 18


def token_from(variable: str | None, environment: Mapping[str, str], path: Path) -> str:
    """The token in a variable of the environment, or where none is named, the one kept in a file only this user may
    read; it is made if there is none. Raises InputError for a token that is missing, too short or readable by others.
    """
    if variable is not None:
        return _checked(environment.get(variable, ""), f"token_env = {variable}")
    try:
        return _kept(path)
    except FileNotFoundError:
        return _made(path)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            said("error.token_unread", why=error), where=str(path), cure=said("error.remove_file")
        ) from None


def page_url(address: str, token: str) -> str:
    """What the code on the wall says: the token stands behind #, so it reaches neither a server nor its log.

    >>> page_url("http://wall.example:8730", "a/b c")
    'http://wall.example:8730/#a%2Fb%20c'
    """
    return f"{address.rstrip('/')}/#{quote(token, safe='')}"


def address_of(host: str, port: int) -> str:
    """Where the page is, for a phone: the host, with brackets where it is an IPv6 address; this computer's own address
    where the host means all of them.
    """
    with suppress(ValueError):
        address = ip_address(host)
        if address.is_unspecified:
            address = ip_address(_own_address(address.version))
        host = f"[{address}]" if address.version == 6 else str(address)
    return f"http://{host}:{port}"


def _own_address(version: int) -> str:
    """The address by which this computer goes out, found without sending anything (RFC 5737, RFC 3849)."""
    family, far = (socket.AF_INET6, "2001:db8::1") if version == 6 else (socket.AF_INET, "192.0.2.1")
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect((far, 9))
            return str(sock.getsockname()[0]).partition("%")[0]
        except OSError:  # no network: then only this computer is left
            return "::1" if version == 6 else "127.0.0.1"


def _kept(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        mode = os.fstat(file.fileno()).st_mode
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise InputError(said("error.token_open"), where=str(path), cure=said("error.token_anew"))
        return _checked(file.read(1_000).strip(), str(path))


def _made(path: Path) -> str:
    token = secrets.token_urlsafe(_RANDOM_BYTES)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another wall made it just now
        return _kept(path)
    except OSError as error:
        raise InputError(
            said("error.token_not_kept", why=error),
            where=str(path),
            cure=said("error.token_variable"),
        ) from None
    with open(handle, "w", encoding="utf-8") as file:
        file.write(token + "\n")
    return token


def _checked(token: str, where: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise InputError(
            said("error.token_wrong"),
            where=where,
            cure=said("error.token_length", least=SHORTEST),
        )
    return token
