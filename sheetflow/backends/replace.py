"""Local files: read whole, replaced whole or not at all, and never under somebody's hands."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sheetflow.errors import Refused, SheetflowError


class Version(NamedTuple):
    """What tells one state of a file from another."""

    inode: int
    size: int
    modified: int


def read_file(path: Path, limit: int) -> tuple[bytes, Version]:
    """A file's bytes and version. ``limit`` is in bytes; a larger file is refused unread."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_size > limit:
                raise Refused(
                    f"{{file}} has {status.st_size / 1e6:,.0f} MB; more than {limit / 1e6:,.0f} MB is no tracker. "
                    "Keep the rows of your interviews and save them to a file of their own.",
                    file=path,
                )
            return file.read(), Version(status.st_ino, status.st_size, status.st_mtime_ns)
    except FileNotFoundError:
        raise SheetflowError("There is no file {file}. Check its name and folder.", file=path) from None
    except IsADirectoryError:
        raise SheetflowError("{file} is a folder; name the tracker file in it.", file=path) from None
    except OSError as error:
        raise SheetflowError(f"{{file}} cannot be read: {error.strerror}.", file=path) from None


def replace_file(path: Path, data: bytes, version: Version | None) -> None:
    """Replace a file's content in one step: whoever looks sees the old file or the new one, never a part.

    ``version`` is the state that ``data`` was made from; a file changed since then is left alone, and so is
    one that a program has open or that is write-protected (``Refused``). ``None``: there is to be no file yet,
    or whatever is there may go. A link stays a link.
    """
    target = Path(os.path.realpath(path))
    _refuse_locked(target)
    try:
        _refuse_changed(target, version)
        _sweep(target)
        with _temporary(target, data) as temporary:
            _refuse_changed(target, version)
            temporary.replace(target)
            _sync_folder(target.parent)
    except OSError as error:
        raise SheetflowError(
            f"{{file}} cannot be written: {error.strerror}. It is as it was before.", file=path
        ) from None


def _refuse_locked(target: Path) -> None:
    for lock in (target.with_name("~$" + target.name), target.with_name(f".~lock.{target.name}#")):
        if lock.exists():
            raise Refused(
                "{file} is open in another program. Close it there and run again. (If it is open nowhere: a crashed "
                "program left {lock} behind; delete that.)",
                file=target,
                lock=lock,
            )
    if target.exists() and not (target.stat().st_mode & stat.S_IWUSR and os.access(target, os.W_OK)):
        raise Refused("{file} is write-protected. Allow writing to it, or write elsewhere with -o.", file=target)


def _refuse_changed(target: Path, version: Version | None) -> None:
    if version is None:
        return
    status = target.stat()
    if Version(status.st_ino, status.st_size, status.st_mtime_ns) != version:
        raise Refused("{file} was changed while it was being worked on. Nothing was written; run again.", file=target)


@contextlib.contextmanager
def _temporary(target: Path, data: bytes) -> Iterator[Path]:
    """A finished file beside the target; gone afterwards, whatever happens in between."""
    name = target.with_name(f".{target.name}.{os.getpid()}.sheetflow")
    try:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        if not _write_unnamed(name, data, mode):
            with name.open("xb") as file:
                _fill(file.fileno(), data, mode)
        yield name
    finally:
        name.unlink(missing_ok=True)


def _write_unnamed(name: Path, data: bytes, mode: int | None) -> bool:
    """Write to a file without a name and name it when it is whole, so that a killed run leaves nothing."""
    try:
        descriptor = os.open(name.parent, os.O_TMPFILE | os.O_WRONLY, 0o666)
    except (AttributeError, OSError):  # not every system and file system can do this
        return False
    try:
        _fill(descriptor, data, mode)
        try:
            os.link(f"/proc/self/fd/{descriptor}", name, follow_symlinks=True)
        except OSError:
            return False
        return True
    finally:
        os.close(descriptor)


def _fill(descriptor: int, data: bytes, mode: int | None) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    if mode is not None and hasattr(os, "fchmod"):
        os.fchmod(descriptor, mode)
    os.fsync(descriptor)


def _sweep(target: Path) -> None:
    """Remove what a killed run may have left beside the target."""
    for left in target.parent.glob(f".{_glob_safe(target.name)}.*.sheetflow"):
        left.unlink(missing_ok=True)


def _glob_safe(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _sync_folder(folder: Path) -> None:
    """Have the new name written down; where a file system cannot, the new file is there all the same."""
    if hasattr(os, "O_DIRECTORY"):
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
