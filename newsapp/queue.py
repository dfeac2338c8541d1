"""The queue in a file, which is made when it can be, and made anew when it is damaged or gone."""

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from huey.storage import SqliteStorage

log = logging.getLogger(__name__)
PATIENCE = 2.0  # seconds for a file that somebody else has locked: editors and readers wait too
# A statement that is wrong is one too: all of ours are right where the tables are.
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
TROUBLE = (sqlite3.Error, UnicodeDecodeError)  # the latter: what tells of it is damaged too


class QueueFile(SqliteStorage):  # type: ignore[misc]  # ships no types
    """Tasks in a file that is opened at its first use, so that no site waits for it.

    What fails is opened anew the next time; a file that is no database is set aside.
    """

    _conn: sqlite3.Connection | None

    def __init__(self, name: str, filename: str) -> None:
        # A power cut may damage it, which costs a minute's work: that need not wait for the disk.
        # Nor has it a journal that outlives a transaction, to be taken for another file's.
        options = {"fsync": False, "journal_mode": "delete", "timeout": PATIENCE}
        super().__init__(name, filename, create_tables=False, **options)
        self.lock = threading.RLock()
        self._opened: int | None = None  # the number of the file that the connection is to

    @property
    def conn(self) -> sqlite3.Connection:
        """The connection to the file that is there now."""
        if self._conn is not None and self._opened != self._number():
            log.warning("The queue, %s, was taken away; it is made anew.", self.filename)
            self.close()
        if self._conn is None:
            self._conn = self._create_connection()
        return self._conn

    @contextmanager
    def db(self, commit: bool = False, close: bool = False) -> Iterator[sqlite3.Cursor]:
        """A cursor; OperationalError says in a sentence why there is none."""
        with self.lock:
            try:
                with super().db(commit=commit, close=close) as cursor:
                    yield cursor
            except sqlite3.IntegrityError:
                raise
            except TROUBLE as error:
                self._set_aside(error)
                self.close()
                told = f"The queue, {self.filename}, can't be used: {error}."
                raise sqlite3.OperationalError(told) from error

    def _create_connection(self) -> sqlite3.Connection:
        try:
            return self._open()
        except TROUBLE as error:
            if not self._set_aside(error):
                raise
        return self._open()

    def _open(self) -> sqlite3.Connection:
        self._opened = self._number()
        connection: sqlite3.Connection = super()._create_connection()
        try:
            for statement in self.ddl:
                connection.execute(statement)
        except TROUBLE:
            connection.close()
            raise
        self._opened = self._number()
        return connection

    def _number(self) -> int | None:
        """Tells one file of this name from another; None where there is none."""
        with suppress(OSError):
            return os.stat(self.filename).st_ino
        return None

    def _set_aside(self, error: Exception) -> bool:
        """Moves a damaged file out of the way, unless another process has; whether it did."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        damaged = code in DAMAGED or isinstance(error, UnicodeDecodeError)
        if not damaged or self._opened is None or self._opened != self._number():
            return False
        aside = f"{self.filename}.damaged"
        with suppress(OSError):
            os.replace(self.filename, aside)
            log.error("The queue, %s, is damaged: %s. It is kept as %s and made anew.",
                      self.filename, error, aside)  # fmt: skip
            return True
        return False
