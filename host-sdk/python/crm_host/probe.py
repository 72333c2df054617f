"""Tries a module out in a process of its own, with the SDK's crm-module-probe: what crashes there takes nobody down."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from .errors import Code, CrmError

NAME = "crm-module-probe"
_REFUSED = 1
_LONGEST = 60.0  # seconds; it has limits of its own, far below


def find_probe() -> Path:
    """The one that was installed with this package, else the one in PATH."""
    libraries = (folder for folder in Path(__file__).resolve().parents if folder.name in ("lib", "lib64"))
    installed = next((folder.parent / "bin" / NAME for folder in libraries), None)
    if installed is not None and installed.exists():
        return installed
    found = shutil.which(NAME)
    if found is None:
        raise CrmError(Code.INTERNAL, f"the program that tries modules out is missing: expected {NAME} in PATH. "
                       "Install it there, name it with probe=..., or pass without_probe=True if you know where the "
                       "module comes from")
    return Path(found)


def probe_module(program: Path, file: Path, descriptor: int, size: int, id: str, api_major: int) -> None:
    """`descriptor` is the sealed copy that is loaded afterwards."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    words = [str(program), "--try", str(file), id, str(api_major), str(descriptor), str(size)]
    try:
        done = subprocess.run(words, pass_fds=(descriptor,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=_LONGEST)
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise CrmError(Code.INTERNAL, f"starting {program} failed: {failure}") from None
    if done.returncode != 0:
        text = done.stderr.decode(errors="replace").strip()
        code = Code.INVALID if done.returncode == _REFUSED else Code.INTERNAL
        raise CrmError(code, text or f"{program} ended with {done.returncode}; its version must be this package's")
