"""Many files as one .zip, written while it is sent: no more than a piece of one file is ever in memory."""

import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker.adapters.files import safe_name

PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """A file at `path` to be called `name`, in a folder."""

    folder: str
    name: str
    path: Path


class _Pipe:
    """Takes what the archive writes and gives it away piece by piece; it cannot seek, so sizes follow the content."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take some octets."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def take(self) -> bytes:
        """What has come in since the last time."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def archive(members: Iterable[Member]) -> Iterator[bytes]:
    """The octets of a .zip that holds the files, stored as they are, under safe names that differ."""
    pipe, taken = _Pipe(), set[str]()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as target:  # type: ignore[call-overload]
        for member in members:
            info = zipfile.ZipInfo(_free(f"{safe_name(member.folder)}/{safe_name(member.name)}", taken))
            info.external_attr = 0o600 << 16
            with member.path.open("rb") as source, target.open(info, "w") as kept:
                while piece := source.read(PIECE):
                    kept.write(piece)
                    yield pipe.take()
    yield pipe.take()


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where another file has it already, capitals and accents' forms aside."""
    stem, dot, extension = name.rpartition(".")
    if not dot or "/" in extension:
        stem, extension = name, ""
    found, number = name, 1
    while _key(found) in taken:
        number += 1
        found = f"{stem} ({number}){dot if extension else ''}{extension}"
    taken.add(_key(found))
    return found


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
