"""The way to the file of a journal: one connection, one thread at a time, every failure reported in plain words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from factoryview.language.said import said
from factoryview.store.journal import file as journal_file
from factoryview.store.journal.file import StoreTrouble
from factoryview.store.journal.lock import Lock


class Access:
    """A connection that is made anew after a failure. Every method may be called from any thread."""

    def __init__(self, path: Path, lock: Lock | None) -> None:
        """Use `to_write` or `to_read`."""
        self.path = path
        self._lock = lock
        self._turn = RLock()
        self._con: sqlite3.Connection | None = None
        self._frozen = False
        """Opened where nothing can be written beside it: seen as it is until somebody records."""
        self._recorded: os.stat_result | None = None
        """The file that is recorded into, to be told from another of its name."""

    @classmethod
    def to_write(cls, path: Path) -> Access:
        """A journal for this program alone to write; made if it is not there. Raises InputError, StoreTrouble."""
        try:
            name = journal_file.own_name(path)
            if name is None:
                raise journal_file.several_names(path)
            path = name
            access = cls(path, Lock(path))
        except OSError as error:
            raise journal_file.closed(path, error) from error
        try:
            with access._told():
                if not path.exists() or journal_file.is_unfinished(path):
                    journal_file.create(path)
                elif not journal_file.is_journal(path):
                    raise journal_file.no_store(path)
            with access.writing() as con:
                journal_file.check(con, path)
                journal_file.migrate(con)
        except OSError as error:
            access.close()
            raise journal_file.closed(path, error) from error
        except BaseException:
            access.close()
            raise
        return access

    @classmethod
    def to_read(cls, path: Path) -> Access:
        """A journal that others may write. Raises InputError."""
        try:
            path = journal_file.own_name(path) or path
            known = journal_file.recognised(path)
        except OSError as error:
            raise journal_file.closed(path, error) from error
        if not known:
            raise journal_file.no_store(path)
        access = cls(path, None)
        try:
            with access.reading() as con:
                journal_file.check(con, path)
        except BaseException:
            access.close()
            raise
        return access

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A moment of the journal; inside another one it is the same moment. Raises StoreTrouble."""
        with self._turn, self._told():
            con = self._connected()
            if con.in_transaction:
                yield con
                return
            con.execute("begin")
            try:
                yield con
            finally:
                if con.in_transaction:
                    con.execute("rollback")

    @contextmanager
    def writing(self, *, waiting: bool = True) -> Iterator[sqlite3.Connection]:
        """A change, done wholly or not at all; with `waiting` it is on disk in the end. Raises StoreTrouble."""
        with self._turn, self._told():
            self._check_writable()
            con = self._connected()
            con.execute(f"pragma synchronous = {'full' if waiting else 'normal'}")
            con.execute("begin immediate")
            try:
                yield con
                con.execute("commit")
            finally:
                if con.in_transaction:
                    con.execute("rollback")

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """The connection outside of any change, for what SQLite does to the file itself. Raises StoreTrouble."""
        with self._turn, self._told():
            self._check_writable()
            yield self._connected()

    def close(self) -> None:
        """Let go of the file and of the right to record."""
        with self._turn:
            self._let_go()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def _connected(self) -> sqlite3.Connection:
        if self._frozen and journal_file.log_of(self.path).exists():
            self._let_go()
        if self._con is None:
            if self._lock is None:
                self._con, self._frozen = journal_file.open_to_read(self.path)
            else:
                self._con = journal_file.open_to_write(self.path)
                self._recorded = self._recorded or self._file()
        return self._con

    def _let_go(self) -> None:
        con, self._con, self._frozen = self._con, None, False
        if con is not None:
            con.close()

    def _check_writable(self) -> None:
        """SQLite would go on writing into a file that was moved away, or that its owner has made read-only."""
        if self._lock is None:
            raise StoreTrouble(said("error.store_to_read"), where=str(self.path))
        if self._recorded and not os.path.samestat(self._file(), self._recorded):
            raise StoreTrouble(
                said("error.store_replaced"),
                where=str(self.path),
                cure=said("error.put_back"),
            )
        if not os.access(self.path, os.W_OK):
            raise StoreTrouble(said("error.store_read_only"), where=str(self.path), cure=said("error.make_writable"))

    def _file(self) -> os.stat_result:
        try:
            return self.path.stat()
        except OSError as error:
            raise journal_file.closed(self.path, error) from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Failures as StoreTrouble; the connection is made anew after one, unless it only had to wait."""
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except (journal_file.Damaged, UnicodeDecodeError) as error:  # the latter where SQLite quotes what it found
            raise journal_file.damaged(error, self.path) from error
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                self._let_go()
            raise journal_file.trouble(error, self.path) from error
