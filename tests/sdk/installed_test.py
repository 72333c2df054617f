"""The SDK as somebody else gets it: installed, moved elsewhere, and used by projects that know nothing of this one."""

from __future__ import annotations

import json
import shutil
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from sdk import BUILD, ROOT, Installed, run
from stack import Program, until

PRICES = json.dumps([{"code": "A-1", "name": "Apple", "price": "0.35"}, {"code": "B-2", "name": "Čebela", "price": "12"}])


class WithSdk(unittest.TestCase):
    sdk: Installed

    @classmethod
    def setUpClass(cls) -> None:
        cls.sdk = Installed()
        cls.addClassCleanup(cls.sdk.close)


class Tree(WithSdk):
    def test_nothing_knows_where_it_was_built_or_installed(self) -> None:
        secrets = [str(path).encode() for path in (ROOT, BUILD, self.sdk.folder, Path.home())]
        files = [file for file in self.sdk.prefix.rglob("*") if file.is_file()]
        self.assertGreater(len(files), 40)
        for file in files:
            data = file.read_bytes()
            for secret in secrets:
                if secret not in (b"/", b"/root"):
                    self.assertNotIn(secret, data, file)
        for program in (self.sdk.prefix / "bin").iterdir():
            self.assertNotIn("PATH", run("readelf", "-d", program), program)

    def test_everything_promised_is_there(self) -> None:
        for name in ("include/crm/abi.h", "include/crm/export.hpp", "include/crm/loader.hpp", "include/crm/detail/guard.hpp",
                     "lib/libcrm_host_sdk.a", "lib/pkgconfig/crm-module-sdk.pc", "lib/pkgconfig/crm-host-sdk.pc",
                     "lib/cmake/crm-host-sdk/crm-host-sdk-config.cmake", "bin/crm-connector-check", "bin/crm-module-probe", "bin/crm-sign-manifest",
                     "share/crm-host-sdk/module.map", "share/crm-host-sdk/connector-manifest.schema.json",
                     "lib/python3/dist-packages/crm_host/py.typed", "share/crm-host-sdk/examples/sqlite_host.py"):
            self.assertTrue((self.sdk.prefix / name).is_file(), name)
        left = [str(file) for file in self.sdk.prefix.rglob("*") if "cache" in file.name or file.suffix == ".pyc"]
        self.assertEqual(left, [])

    def test_every_header_stands_alone(self) -> None:
        for header in sorted((self.sdk.prefix / "include/crm").glob("*.hpp")):
            run("g++", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-x", "c++", "-", "-I",
                self.sdk.prefix / "include", input=f"#include <crm/{header.name}>\n#include <crm/{header.name}>\n")

    def test_the_examples_stay_examples(self) -> None:
        for name, limit in (("price-list/price_list.cpp", 100), ("heartbeat/heartbeat.c", 150),
                            ("tiny-host/tiny_host.cpp", 100)):
            lines = (self.sdk.prefix / "share/crm-host-sdk/examples" / name).read_text().splitlines()
            self.assertLess(len(lines), limit, name)
            self.assertLess(max(map(len, lines)), 121, name)

    def test_a_connector_needs_no_boost(self) -> None:
        project = self.sdk.folder / "plain"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(plain LANGUAGES C)\nset(CMAKE_DISABLE_FIND_PACKAGE_Boost ON)\n"
            "find_package(crm-host-sdk REQUIRED COMPONENTS module)\nfind_package(crm-host-sdk QUIET COMPONENTS host)\n"
            'if(TARGET crm::host_sdk)\n  message(FATAL_ERROR "the host part is there without Boost")\nendif()\n'
            "crm_add_connector(heartbeat SOURCES heartbeat.c MANIFEST heartbeat.json OUTPUT_DIR ${CMAKE_BINARY_DIR}/plugins)\n")
        for name in ("heartbeat.c", "heartbeat.json"):
            shutil.copy(self.sdk.prefix / "share/crm-host-sdk/examples/heartbeat" / name, project)
        run("cmake", "-S", project, "-B", project / "build", f"-DCMAKE_PREFIX_PATH={self.sdk.prefix}")
        run("cmake", "--build", project / "build")
        run(self.sdk.check, project / "build/plugins/heartbeat.so", "--check", "binary", "--check", "manifest")


class Examples(WithSdk):
    def test_one_symbol_is_seen(self) -> None:
        for module in self.sdk.modules():
            seen = [line.split()[-1] for line in run("nm", "-D", "--defined-only", module).splitlines()]
            self.assertEqual(seen, ["crm_module_entry"], module)

    def test_the_validator_passes_them(self) -> None:
        for module in self.sdk.modules():
            given = self.sdk.prefix / "share/crm-host-sdk/examples" / module.stem / "scenario.json"
            scenario = ("--scenario", given) if given.exists() else ()
            report = json.loads(run(self.sdk.check, "--json", *scenario, module))
            self.assertEqual(report["failed"], 0, module)
            self.assertGreater(report["passed"], 45)

    def test_they_are_signed(self) -> None:
        for module in self.sdk.modules():
            told = run(self.sdk.signer, "verify", "--public", f"{self.sdk.key}.pub", module.with_suffix(".json"))
            self.assertIn("The examples' author", told)

    def test_the_tiny_host_drives_them(self) -> None:
        for module in (self.sdk.price_list, self.sdk.price_list_by_clang):
            out = run(self.sdk.tiny_host, module, "PUT", "/list", PRICES, "GET", "/list", "", "PUT", "/list", PRICES).splitlines()
            self.assertEqual([json.loads(line) for line in out[1::2][:3]],
                             [{"waiting": 2, "refused": 0}, {"waiting": 0, "refused": 0}, {"waiting": 2, "refused": 0}])
            records = json.loads(out[-1])["products"]
            self.assertEqual(records["B-2"], {"code": "B-2", "name": "Čebela", "price": "12"})
            self.assertEqual(sorted(records), ["A-1", "B-2"])
        out = run(self.sdk.tiny_host, self.sdk.heartbeat, "GET", "/beats", "").splitlines()
        self.assertEqual(json.loads(out[1]), {"beats": 1, "lateUs": 0})
        self.assertIn("there is only GET /beats", run(self.sdk.tiny_host, self.sdk.heartbeat, "POST", "/beats", "", status=1))

    def test_the_tiny_host_built_with_pkg_config(self) -> None:
        source = self.sdk.example("tiny-host", "pkg-config")
        flags = run("pkg-config", "--cflags", "--libs", "crm-host-sdk", env=self.sdk.pkg_config).strip()
        run("sh", "-c", f"g++ -std=c++20 tiny_host.cpp {flags} -o tiny-host", cwd=source)
        self.assertIn('"beats":1', run(source / "tiny-host", self.sdk.heartbeat, "GET", "/beats", ""))

    def test_what_the_price_list_refuses(self) -> None:
        for body in ("", "{}", "[1]", '[{"name": "no code"}]', '[{"code": 7}]', '[{"code": "\xff"'):
            told = run(self.sdk.tiny_host, self.sdk.price_list, "PUT", "/list", body, status=1)
            self.assertIn('expected [{"code", "name", "price"}, ...]', told, body)

    def test_a_changed_module_is_refused(self) -> None:
        changed = self.sdk.folder / "changed"
        shutil.copytree(self.sdk.heartbeat.parent, changed)
        data = bytearray((changed / "heartbeat.so").read_bytes())
        data[-1] ^= 1
        (changed / "heartbeat.so").write_bytes(data)
        self.assertIn("do not belong together", run(self.sdk.tiny_host, changed / "heartbeat.so", status=1))

    def test_a_python_host_from_the_installed_package(self) -> None:
        program = ("import sys\nfrom pathlib import Path\nfrom crm_host import load\nfrom crm_host.local import LocalHost\n"
                   "import crm_host\nassert crm_host.__file__.startswith(sys.argv[2]), crm_host.__file__\n"
                   "class Crm(LocalHost):\n    def query_records(self, request): return {'items': [], 'next': None}\n"
                   "    def upsert_records(self, request): return {'items': []}\n"
                   "with load(sys.argv[1], allow_unsigned=True).create(Crm(Path(sys.argv[3]))) as connector:\n"
                   "    assert connector.run_until_idle(5)\n    print(connector.ask('GET', '/beats'))\n")
        out = run("/usr/bin/python3", "-B", "-c", program, self.sdk.heartbeat, self.sdk.prefix, self.sdk.folder / "python-data",
                  env={"PYTHONPATH": str(self.sdk.prefix / "lib/python3/dist-packages")})
        self.assertIn("'beats': 1", out)


class Served(WithSdk):
    """The examples inside crm-host."""

    def host(self, *arguments: str | Path) -> str:
        return run(BUILD / "bin/crm-host", *arguments, "--data", self.data)

    def call(self, method: str, path: str, body: str | None = None, token: str | None = None) -> tuple[int, Any]:
        request = urllib.request.Request(self.url + path, data=body.encode() if body is not None else None, method=method)
        request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as failure:
            return failure.code, None

    def test_both_serve_their_routes(self) -> None:
        plugins, self.data = self.sdk.folder / "plugins", self.sdk.folder / "crm"
        plugins.mkdir()
        for module in (self.sdk.price_list, self.sdk.heartbeat):
            for file in (module, module.with_suffix(".json")):
                shutil.copy2(file, plugins)
            self.assertIn("a publisher you trust", run(BUILD / "bin/crm-host", "plugin", "check", plugins / module.name, status=1))
        self.assertIn("The examples' author", self.host("plugin", "trust", f"{self.sdk.key}.pub"))
        for name in ("price-list", "heartbeat"):
            self.assertIn("would be loaded", self.host("plugin", "check", plugins / f"{name}.so"))
            self.host("plugin", "enable", name, "--plugins", plugins)
        program = Program("crm-host", "serve", "--data", str(self.data), "--plugins", str(plugins), "--listen", "127.0.0.1:0",
                          folder=self.sdk.folder, env={"CRM_ADMIN_PASSWORD": "a password for tests"})
        self.addCleanup(program.stop)
        self.url = program.word_after("crm-host ready ")
        admin, viewer = (self.host("token", "--role", role).strip() for role in ("admin", "viewer"))
        lists = "/api/integrations/price-list/list"
        self.assertEqual(self.call("GET", lists)[0], 401)
        self.assertEqual(self.call("PUT", lists, PRICES, viewer)[0], 403)
        self.assertEqual(self.call("PUT", lists, "no list", admin)[0], 400)
        self.assertEqual(self.call("PUT", lists, PRICES, admin)[0], 200)
        until("the list is applied", lambda: self.call("GET", lists, token=admin)[1] == {"waiting": 0, "refused": 0})
        products = self.call("GET", "/api/products", token=admin)[1]["items"]
        self.assertEqual({item["code"]: item["price"] for item in products}, {"A-1": "0.35", "B-2": "12"})
        beats = "/api/integrations/heartbeat/beats"
        until("the first beat", lambda: (self.call("GET", beats)[1] or {}).get("beats") == 1)
        self.assertEqual(self.call("POST", beats, "{}", admin)[0] // 100, 4)


if __name__ == "__main__":
    unittest.main()
