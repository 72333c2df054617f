"""What the suites of host behaviour have in common: a host with the probe in it, and short names for its services."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stack import HostUnderTest

AUTH, CONFLICT, INVALID = 1, 3, 6

if TYPE_CHECKING:
    from unittest import TestCase
else:
    TestCase = object  # a class that names its host is the test case


class HostCase(TestCase):
    """A class below a suite names the host in `make`."""

    make: type[HostUnderTest]
    host: HostUnderTest
    _number = 0

    @classmethod
    def setUpClass(cls) -> None:
        cls.host = cls.make()
        cls.host.start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.host.close()

    def ask(self, service: str, body: Any = "") -> Any:
        text = body if isinstance(body, str) else json.dumps(body)
        status, answer = self.host.call("POST", f"/call/{service}", text.encode())
        self.assertEqual(status, 200, answer)
        return json.loads(answer)

    def good(self, service: str, body: Any = "") -> Any:
        report = self.ask(service, body)
        self.assertEqual(report["code"], 0, report)
        return report["answer"]

    def refused(self, code: int, service: str, body: Any) -> None:
        report = self.ask(service, body)
        self.assertEqual(report["code"], code, report)
        self.assertTrue(report["error"])

    def write(self, *items: Any, kind: str = "products") -> list[Any]:
        answer = self.good("upsert", {"kind": kind, "items": list(items)})["items"]
        self.assertEqual(len(answer), len(items))
        return list(answer)

    def new(self, kind: str = "products", **fields: Any) -> tuple[str, Any]:
        type(self)._number += 1
        external = f"x-{self._number}"
        return external, self.write({"externalId": external, "fields": {"name": "Thing", **fields}}, kind=kind)[0]

    def read(self, id: str, kind: str = "products") -> Any:
        return self.good("query", {"kind": kind, "ids": [id]})["items"][0]
