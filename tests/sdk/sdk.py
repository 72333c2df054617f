"""An SDK installed the way an author gets it, moved to where nobody built it."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("BUILD", ROOT / "build/release"))
sys.path.append(str(ROOT / "tests/hosts"))  # Program and until, of stack.py


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None, input: str | None = None,
        status: int = 0) -> str:
    """Its standard output and error; fails with them when it ends otherwise than wanted."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, env={**os.environ, **(env or {})}, input=input,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != status:
        raise AssertionError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


class Installed:
    """The prefix, and the examples built against it in a folder of their own."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="autosync-sdk-"))
        first = self.folder / "installed-here"
        run("cmake", "--install", BUILD, "--component", "sdk", "--prefix", first)
        self.prefix = self.folder / "moved-there"
        first.rename(self.prefix)
        self.check = self.prefix / "bin/crm-connector-check"
        self.signer = self.prefix / "bin/crm-sign-manifest"
        self.key = self.folder / "author.key"
        run(self.signer, "keygen", self.key, "--name", "The examples' author")
        self.pkg_config = {"PKG_CONFIG_PATH": str(self.prefix / "lib/pkgconfig")}

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def example(self, name: str, variant: str) -> Path:
        """A copy of the installed example."""
        copy = self.folder / variant / name
        shutil.copytree(self.prefix / "share/crm-host-sdk/examples" / name, copy)
        return copy

    def build(self, name: str, compiler: str) -> Path:
        """With CMake, as the example's README says; the build folder."""
        source = self.example(name, compiler)
        out = source / "build"
        run("cmake", "-S", source, "-B", out, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_CXX_COMPILER={compiler}", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror",
            f"-DPUBLISHER_KEY={self.key}", "--no-warn-unused-cli")
        run("cmake", "--build", out)
        return out

    @functools.cached_property
    def tiny_host(self) -> Path:
        return self.build("tiny-host", "g++") / "tiny-host"

    @functools.cached_property
    def price_list(self) -> Path:
        return self.build("price-list", "g++") / "plugins/price-list.so"

    @functools.cached_property
    def price_list_by_clang(self) -> Path:
        return self.build("price-list", "clang++") / "plugins/price-list.so"

    @functools.cached_property
    def heartbeat(self) -> Path:
        source = self.example("heartbeat", "cc")
        run("make", "CFLAGS=-O2 -Wall -Wextra -Werror", f"PUBLISHER_KEY={self.key}", cwd=source, env=self.pkg_config)
        return source / "plugins/heartbeat.so"

    def modules(self) -> list[Path]:
        return [self.price_list, self.price_list_by_clang, self.heartbeat]
