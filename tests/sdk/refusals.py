"""The texts with which the SDK refuses something, read from its sources: of each its fixed pieces.

A refusal is made of fixed pieces and of what differs each time ("a file of ", the size, " bytes"). Of `refuse`, which
takes file, expected, found and remedy, the remedy is left out: it stands in its own column on the trouble page.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CPP = ("host-sdk/src/*.cpp", "host-sdk/include/crm/*.hpp", "host-sdk/include/crm/detail/*.hpp", "host-sdk/probe/*.cpp",
       "host-sdk/signer/*.cpp", "sample-host/plugins/plugin_*.cpp", "sample-host/plugins/quarantine.cpp",
       "sample-host/plugins/running_connector.cpp")
PYTHON = ("host-sdk/python/crm_host/*.py",)

_CALL = re.compile(r"\b(refuse|refuse_description|wrong|no_manifest|Error|cut_short|system_failure|text_member|number_member|need|require)\(|\breturn \"")
_LITERAL = re.compile(r'R"\((?P<raw>.*?)\)"|"(?P<plain>(?:[^"\\\n]|\\.)*)"', re.DOTALL)
_REMEDY = 3  # of refuse: file, expected, found, remedy


def _without_comments(text: str) -> str:
    return re.sub(r'(R"\(.*?\)"|"(?:[^"\\\n]|\\.)*")|//[^\n]*', lambda match: match[1] or "", text, flags=re.DOTALL)


def _arguments(text: str, begin: int) -> list[str]:
    """The arguments from behind a call's opening bracket; for a return statement, all up to its semicolon."""
    arguments, depth, at, start = [], 0, begin, begin
    while at < len(text):
        literal = _LITERAL.match(text, at)
        if literal:
            at = literal.end()
            continue
        character = text[at]
        if character in "([{":
            depth += 1
        elif depth == 0 and character in ");":
            break
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            arguments.append(text[start:at])
            start = at + 1
        at += 1
    return [*arguments, text[start:at]]


def _pieces(code: str) -> list[str]:
    """Literals that stand beside each other are one text."""
    joined = re.sub(r'(?<!\\)"\s+"', "", code)
    found = [match["raw"] if match["raw"] is not None else match["plain"] for match in _LITERAL.finditer(joined)]
    return [ast.literal_eval(f'"{text}"') if '"' not in text or "\\" in text else text for text in found]


def of_cpp(file: Path, only: str | None = None) -> Iterator[list[str]]:
    text = _without_comments(file.read_text())
    for call in _CALL.finditer(text):
        if call[1] is None and file.name != "quarantine.cpp":
            continue
        if only and call[1] != only:
            continue
        arguments = _arguments(text, call.end() if call[1] else call.end() - 1)
        if call[1] == "refuse":
            arguments = arguments[1:_REMEDY]
        yield [piece for argument in arguments for piece in _pieces(argument)]


def of_python(file: Path) -> Iterator[list[str]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id not in ("refuse", "CrmError", "_wrong", "_text", "_number"):
            continue
        arguments = node.args[1:_REMEDY] if node.func.id == "refuse" else node.args
        yield [constant.value for argument in arguments for constant in ast.walk(argument)
               if isinstance(constant, ast.Constant) and isinstance(constant.value, str)]


def refusals() -> Iterator[tuple[Path, list[str]]]:
    """Each refusal's file and fixed pieces; pieces of less than four letters say nothing and are left out."""
    for patterns, read in ((CPP, of_cpp), (PYTHON, of_python)):
        for file in sorted(found for pattern in patterns for found in ROOT.glob(pattern)):
            for pieces in read(file):
                telling = [" ".join(piece.split()) for piece in pieces if sum(map(str.isalpha, piece)) >= 4]
                if telling:
                    yield file.relative_to(ROOT), telling
