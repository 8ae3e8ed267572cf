"""The watcher: tells of changes the moment they come; whatever it misses is found by looking, a little later."""

from __future__ import annotations

import logging
import os
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from castoff.preview.stamps import WATCHED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from watchdog.observers.api import BaseObserver, ObservedWatch

_FOLDERS: Final = (DirCreatedEvent, DirDeletedEvent, DirMovedEvent)
_EVENTS: Final[list[type[FileSystemEvent]]] = [
    *_FOLDERS,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
"""Not that a file was opened or read: that is what every build does."""


class Watcher(FileSystemEventHandler):
    """Calls `changed` for every event in a project, in watchdog's own thread."""

    def __init__(self, root: Path, changed: Callable[[], None]) -> None:
        self._root = root
        self._changed = changed
        self._observer: BaseObserver = Observer()
        self._watched: dict[str, ObservedWatch] = {}

    def start(self) -> str | None:
        """Begin; return why there will be no events, where the system grants none: it has a limit to watches."""
        # It warns, in its own threads, of a folder that is made while it is taken up, and of events after the end:
        # neither means anything to whoever reads the terminal.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")
        logging.getLogger("watchdog").addHandler(logging.NullHandler())
        try:
            self._observer.start()
            self._observer.schedule(self, os.fspath(self._root), event_filter=_EVENTS)
            self._watch_folders()
        except OSError as error:
            return (error.strerror or str(error)).lower()
        return None

    def stop(self) -> None:
        """End."""
        self._observer.stop()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Tell of a change; a folder that comes, or comes again in the place of another, is watched from now on."""
        if isinstance(event, _FOLDERS):
            for path in (event.src_path, event.dest_path):
                self._forget(os.fsdecode(path))
            with suppress(OSError):  # gone again, or one too many: then looking finds what changes in it
                self._watch_folders()
        self._changed()

    def _watch_folders(self) -> None:
        """Watch the folders that are there and are not watched yet."""
        for folder in WATCHED:
            path = os.fspath(self._root / folder)
            if path not in self._watched and os.path.isdir(path):  # noqa: PTH112 - events name paths as strings
                self._watched[path] = self._observer.schedule(self, path, recursive=True, event_filter=_EVENTS)

    def _forget(self, path: str) -> None:
        """Let go of a folder that went: the watch went with it, though another may stand there under the same inode."""
        watch = self._watched.pop(path, None)
        if watch is not None:
            with suppress(KeyError):  # it has let go of itself
                self._observer.unschedule(watch)
