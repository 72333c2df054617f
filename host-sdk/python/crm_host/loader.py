"""From a file to a module: every check comes before a byte of it runs."""

from __future__ import annotations

import ctypes
import json
import os
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from . import abi
from .connector import Connector
from .crash_mark import CrashMark
from .errors import Code, CrmError, refuse
from .files import MAX_MODULE, MIN_MODULE, check_elf, read_trusted, seal, sha256
from .host import Host
from .manifest import Manifest, read_manifest
from .probe import find_probe, probe_module

_MEMBERS = ("create", "destroy", "describe", "run_due", "handle_http", "status", "cancel", "stop")
_DEFECT = "The module is defective: tell its publisher"


class Module:
    """A loaded module. It stays mapped until the process ends."""

    def __init__(self, file: Path, manifest: Manifest, library: ctypes.CDLL, mark: CrashMark | None) -> None:
        self.manifest = manifest
        self._file = file
        self._library = library
        self._mark = mark
        self._table = _find_connector(file, _entry(file, library, manifest))

    def create(self, host: Host) -> Connector:
        """The connection of one company. The connector keeps `host` alive."""
        if not isinstance(host, Host):
            raise CrmError(Code.INVALID, f"create wants a host derived from crm_host.Host; found {type(host).__name__}")
        with _during(self._mark, "making its instance"):
            connector = Connector(self._table, host)
        try:
            with _during(self._mark, "describing itself"):
                described = connector.describe().get("id")
            if described != self.manifest.id:
                found = "one without an id" if described is None else json.dumps(described)
                refuse(self._file, f"a description with the id {self.manifest.id} of its manifest", found,
                       "Get the module and its manifest from the same release")
        except BaseException:
            connector.close()
            raise
        return connector


def _during(mark: CrashMark | None, doing: str) -> AbstractContextManager[None]:
    return nullcontext() if mark is None else mark.during(doing)


# Modules of this process by id: code that runs can't be taken away, so this is the process's own state.
_loaded: dict[str, Module] = {}
_lock = threading.Lock()


def load(path: str | os.PathLike[str], trusted_keys: Sequence[str] = (), allow_unsigned: bool = False, *,
         probe: str | os.PathLike[str] | None = None, without_probe: bool = False,
         crash_mark: CrashMark | None = None) -> Module:
    """Checks the module file, tries it out in a process of its own and maps it; its manifest lies beside it.

    trusted_keys: publishers' Ed25519 public keys, base64. probe: the program crm-module-probe when it is neither
    installed with this package nor in PATH; without_probe: a module that crashes takes this process with it.
    crash_mark: one that does so all the same is refused from the next start on. Raises CrmError(Code.INVALID) that says
    what was expected, what was found and what to do; Code.INTERNAL when it could not be tried out.
    """
    file = Path(path)
    data = read_trusted(file, "module file", MIN_MODULE, MAX_MODULE)
    manifest = read_manifest(file.with_suffix(".json"), trusted_keys, allow_unsigned)
    if manifest.file != file.name:
        refuse(file, f"the module file that its manifest names, {manifest.file}", file.name,
               "Give the file its own name back, or put the right manifest beside it")
    if manifest.api_major != abi.MAJOR:
        refuse(file, f"a module for API version {abi.MAJOR}",
               f"version {manifest.api_major}.{manifest.api_minor} in its manifest",
               "Update this host, or get an older module" if manifest.api_major > abi.MAJOR
               else "Get a newer module")
    check_elf(file, data)
    digest = sha256(data)
    if digest != manifest.sha256:
        refuse(file, f"SHA-256 {manifest.sha256} as its manifest says", digest,
               "The file and its manifest do not belong together: copy both again from the same release")
    with _lock:
        running = _loaded.get(manifest.id)
        if running is not None:
            if running.manifest.sha256 == manifest.sha256:
                return running
            refuse(file, f"one module with the id {manifest.id}",
                   f"version {running.manifest.version} of it already loaded from another file",
                   "Restart the host to upgrade, and keep only one file with this id")
        if crash_mark is not None:
            crash_mark.check(file)
        # Kept open: another memory file under the same number would look like the same library to dlopen.
        sealed = seal(file.name, data)
        try:
            if not without_probe:
                program = find_probe() if probe is None else Path(probe)
                probe_module(program, file, sealed, len(data), manifest.id, manifest.api_major)
        except BaseException:
            os.close(sealed)
            raise
        with _during(crash_mark, "being loaded"):
            module = Module(file, manifest, _map(file, sealed), crash_mark)
        _loaded[manifest.id] = module
        return module


def _map(file: Path, descriptor: int) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(f"/proc/self/fd/{descriptor}", mode=os.RTLD_NOW | os.RTLD_LOCAL)
    except OSError as failure:
        os.close(descriptor)
        refuse(file, "a library that can be loaded here", str(failure),
               "Install what it needs, or get the module built for this system")


def _entry(file: Path, library: ctypes.CDLL, manifest: Manifest) -> abi.Entry:
    try:
        function = abi.ENTRY_FUNCTION(("crm_module_entry", library))
    except AttributeError:
        refuse(file, "a connector module, which exports crm_module_entry", "another library",
               "Put a CRM connector's module file here")
    pointer = function()
    if not pointer:
        refuse(file, "an entry table", "none", _DEFECT)
    entry: abi.Entry = pointer.contents
    if entry.magic != abi.ENTRY_MAGIC:
        refuse(file, f"the entry's magic number {abi.ENTRY_MAGIC}", str(entry.magic), _DEFECT)
    size = ctypes.sizeof(abi.Entry)
    if entry.struct_size < size or not entry.query:
        refuse(file, f"an entry table of at least {size} bytes",
               f"one of {entry.struct_size} bytes or without query", _DEFECT)
    if entry.major != abi.MAJOR or entry.major != manifest.api_major:
        refuse(file, f"a module built for API version {abi.MAJOR}, as its manifest says",
               f"version {entry.major}.{entry.minor}",
               "Get the module for this host's version, with its own manifest")
    return entry


def _find_connector(file: Path, entry: abi.Entry) -> abi.ConnectorTable:
    name = abi.CONNECTOR
    address = entry.query(ctypes.cast(ctypes.c_char_p(name), ctypes.c_void_p), len(name))
    if not address:
        refuse(file, f"the interface {name.decode()}", "a module without it",
               "Get a module for this host's version")
    table = abi.ConnectorTable.from_address(address)
    if not all(abi.has(table, member) for member in _MEMBERS):
        refuse(file, f"the interface {name.decode()} with all its functions",
               f"a table of {table.struct_size} bytes, or with empty places", _DEFECT)
    return table
