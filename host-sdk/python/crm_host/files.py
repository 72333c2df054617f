"""Whether a file may be trusted, and its bytes in sealed memory that nobody can change any more."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import struct
from pathlib import Path

from .errors import Code, CrmError, refuse

MIN_MODULE = 4096
MAX_MODULE = 128 * 1024 * 1024
_MACHINES = {"x86_64": 62, "aarch64": 183, "i686": 3, "armv7l": 40, "riscv64": 243, "ppc64le": 21, "s390x": 22}
_MFD_EXEC = 0x10  # since Linux 6.3; says that the memory may be mapped executable
_SEAL = 1033  # F_ADD_SEALS
_SEALS = 1 | 2 | 4 | 8  # seal, shrink, grow, write


def _check_owner(path: Path, what: str, info: os.stat_result) -> None:
    if info.st_uid not in (0, os.geteuid()):
        refuse(path, f"{what} owned by root or by the user who runs the host (uid {os.geteuid()})",
               f"owner uid {info.st_uid}", "Change the owner with chown")


def _check_folder(folder: Path) -> None:
    info = folder.stat()
    _check_owner(folder, "a folder", info)
    if info.st_mode & stat.S_IWOTH:
        refuse(folder, "a folder that only its owner and group can write", f"mode {info.st_mode & 0o7777:04o}",
               "Run chmod o-w on it: whoever writes there decides what the host runs")


def open_trusted(file: Path, kind: str) -> int:
    """A descriptor of a regular file inside its folder that nobody else can write; the caller closes it."""
    try:
        real, folder = file.resolve(strict=True), file.parent.resolve(strict=True)
    except (OSError, RuntimeError) as failure:
        refuse(file, f"a {kind}", str(failure), f"Put the {kind} there, readable by the host")
    if real.parent != folder:
        refuse(file, f"a file inside {folder}", f"a link that leads to {real}",
               "Copy the file itself into the folder")
    _check_folder(folder)
    try:
        # Not blocking, since the name could be a pipe's; not following, since it could be a link by now.
        descriptor = os.open(real, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as failure:
        refuse(file, f"a readable {kind}", str(failure.strerror), "Check its permissions")
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            refuse(file, "a regular file", "a folder, device, pipe or socket", f"Put the {kind} itself there")
        _check_owner(file, f"a {kind}", info)
        if info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            refuse(file, f"a {kind} that only its owner can write", f"mode {info.st_mode & 0o7777:04o}",
                   "Run chmod go-w on it")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_trusted(file: Path, kind: str, smallest: int, largest: int) -> bytes:
    """The whole file, when it may be trusted and its size is sensible."""
    descriptor = open_trusted(file, kind)
    with os.fdopen(descriptor, "rb") as opened:
        size = os.fstat(descriptor).st_size
        if not smallest <= size <= largest:
            refuse(file, f"a {kind} of {smallest} to {largest} bytes", f"{size} bytes",
                   "The file was cut short, damaged or is another one: copy it again")
        data = opened.read(size)
    if len(data) != size:
        refuse(file, f"{size} bytes", f"{len(data)} bytes", "Wait until it is copied whole")
    return data


def check_elf(file: Path, data: bytes) -> None:
    """Refuses what dlopen would stumble over: mapping a file that was cut short ends in SIGBUS."""
    right = "Get the module built for this machine"
    whole = "The file was cut short or damaged: copy it again"
    if data[:4] != b"\x7fELF":
        refuse(file, "an ELF shared object", "another kind of file",
               "Put the module's .so file here, not a text, an archive or a download page")
    bits = struct.calcsize("P") * 8
    if data[4] != bits // 32:
        refuse(file, f"a {bits}-bit module", f"ELF class {data[4]}", right)
    if data[5] != 1:
        refuse(file, "this machine's byte order", f"ELF data encoding {data[5]}", right)
    kind, machine = struct.unpack_from("<HH", data, 16)
    wanted = _MACHINES.get(os.uname().machine)
    if wanted is not None and machine != wanted:
        refuse(file, f"a module for {os.uname().machine}", f"one for ELF machine {machine}", right)
    if kind != 3:
        refuse(file, "a shared object", f"ELF type {kind}", "Put the linked .so here, not a program")
    if bits == 32:
        return
    table, = struct.unpack_from("<Q", data, 32)
    entry_size, count = struct.unpack_from("<HH", data, 54)
    if count == 0 or entry_size != 56 or table + count * entry_size > len(data):
        refuse(file, "a table of program headers inside the file", f"{count} of {entry_size} bytes", whole)
    for index in range(count):
        offset, size = (struct.unpack_from("<Q", data, table + index * 56 + at)[0] for at in (8, 32))
        if offset + size > len(data):
            refuse(file, f"the segment of program header {index} inside the file, up to byte {offset + size}",
                   f"a file of {len(data)} bytes", whole)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def seal(name: str, data: bytes) -> int:
    """The bytes as a memory file that can't change any more; its descriptor."""
    flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
    try:
        try:
            descriptor = os.memfd_create(name[:200], flags | _MFD_EXEC)
        except OSError:
            descriptor = os.memfd_create(name[:200], flags)  # an older kernel
        with os.fdopen(descriptor, "wb", closefd=False) as memory:
            memory.write(data)
        fcntl.fcntl(descriptor, _SEAL, _SEALS)
    except OSError as failure:
        raise CrmError(Code.INTERNAL, f"{name}: the host needs memory files (memfd) to load modules safely: "
                       f"{failure}") from failure
    return descriptor
