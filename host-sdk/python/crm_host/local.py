"""The services that need no CRM: settings, keys, files and log of one instance in a folder of its own.

Needs python3-cryptography, which is why the package does not import it by itself.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .errors import Code, CrmError
from .host import Host, Json, LogLevel

MAX_KEY = 256
_NONCE = 12
_PURPOSE = b"crm.keys/1"


class LocalHost(Host):
    """Derive from it and add query_records and upsert_records.

    `data` gets settings.json, master.key and the folder connector/. One instance for each folder. Whoever can read
    master.key can read what the connector seals: a host with a key store of its own overrides wrap_key and unwrap_key.
    """

    def __init__(self, data: str | os.PathLike[str]) -> None:
        data = Path(data)
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = data / "connector"
        self._folder.mkdir(exist_ok=True, mode=0o700)
        self._settings = data / "settings.json"
        self._lock = threading.Lock()
        key_file = data / "master.key"
        if not key_file.exists():
            _write_durably(key_file, AESGCM.generate_key(256))
        self._cipher = AESGCM(key_file.read_bytes())

    def settings(self) -> Json:
        with self._lock:
            return dict(json.loads(self._settings.read_bytes())) if self._settings.exists() else {}

    def put_settings(self, settings: Json) -> None:
        with self._lock:
            _write_durably(self._settings, json.dumps(settings).encode())

    def log(self, level: LogLevel, text: str) -> None:
        """Warnings and errors, to standard error."""
        if level >= LogLevel.WARNING:
            print(f"{level.name.lower()}: {text}", file=sys.stderr)

    def notify(self, notice: Json) -> None:
        if not notice.get("resolved"):
            self.log(LogLevel.WARNING, f"{notice.get('title')}: {notice.get('text')}")

    def wrap_key(self, key: bytes) -> bytes:
        if len(key) > MAX_KEY:
            raise CrmError(Code.INVALID, f"a key has at most {MAX_KEY} bytes")
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, key, _PURPOSE)

    def unwrap_key(self, wrapped: bytes) -> bytes:
        try:
            return self._cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _PURPOSE)
        except (InvalidTag, ValueError):
            raise CrmError(Code.AUTH, "wrapped under another master key, or tampered with") from None

    def threads_allowed(self) -> int:
        """One, to read the next page while this one is written."""
        return 1

    def directory(self) -> str:
        return str(self._folder.resolve())


def _write_durably(file: Path, data: bytes) -> None:
    """All or nothing, also when the machine stops: a new file takes the old one's place."""
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.replace(new, file)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
