"""The layout of abi.h as entries that can be compared, and its record on disk.

An entry is keyed by (sort, name), where sort is one of constant, text, macro, type, opaque, table, member; a
member's name is "table.member". The record (host-sdk/abi-layout.def) has one line for each entry and is also
compiled into the SDK, where host-sdk/src/abi_layout.cpp turns every line into a static_assert.
"""
import functools
import pathlib
import re
import subprocess
import tempfile

from pycparser import c_ast, c_generator, c_parser
from pycparser.plyparser import ParseError

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = ROOT / "host-sdk/include/crm/abi.h"
RECORD = ROOT / "host-sdk/abi-layout.def"
FAKE_HEADERS = "/usr/share/python3-pycparser/fake_libc_include"
FROZEN = ["magic", "struct_size", "major", "minor"]  # of crm_entry, whatever the major version

INTRO = """\
// The layout of abi.h as it was promised. Written by tests/abi/record, compared by tests/abi/check, and
// compiled as assertions by src/abi_layout.cpp. Sizes and offsets are those of machines with 64-bit pointers.
"""


class Failure(Exception):
    """The header can't be read; the text says why."""


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return done.stdout


@functools.cache
def parse(header):
    """The declarations of the header; standard types keep their names."""
    preprocessed = run("cc", "-E", "-std=c99", "-nostdinc", f"-I{FAKE_HEADERS}", header)
    try:
        tree = c_parser.CParser().parse(preprocessed, str(header))
    except ParseError as failure:
        raise Failure(f"only plain C99 declarations belong in abi.h: {failure}") from failure
    return [node for node in tree.ext if node.coord and node.coord.file == str(header)]


def type_text(node):
    """A type as C++ writes it in a cast, without the names of parameters."""

    class Nameless(c_generator.CGenerator):
        def visit_TypeDecl(self, inner):
            return " ".join([*inner.quals, self.visit(inner.type)])

        def visit_PtrDecl(self, inner):
            if isinstance(inner.type, c_ast.FuncDecl):
                function = inner.type
                parameters = ["..." if isinstance(p, c_ast.EllipsisParam) else self.visit(p.type)
                              for p in function.args.params]
                return f"{self.visit(function.type)} (*)({', '.join(parameters)})"
            return self.visit(inner.type) + "*"

        def visit_Struct(self, inner):
            return inner.name

    return Nameless().visit(node)


def macros_of(header):
    """Names and parameters of the macros the header itself defines, include guard left out."""
    defined = {}
    for match in re.finditer(r"^#define (\w+)(\([^)]*\))?(.*)$", header.read_text(), re.MULTILINE):
        if match[3].strip() or match[2]:
            defined[match[1]] = match[2] or ""
    return defined


def measure(header, tables, macros):
    """Sizes, offsets and values, as the compiler sees them."""
    lines = ["#include <stdio.h>", "#include <stddef.h>", f'#include "{header.resolve()}"',
             "#define SHOWN_(...) #__VA_ARGS__", "#define SHOWN(...) SHOWN_(__VA_ARGS__)",
             "#define IS_TEXT(x) _Generic((x), char*: 1, const char*: 1, default: 0)", "int main(void) {"]
    for table, members in tables.items():
        lines.append(f'printf("table\\t{table}\\t%zu\\n", sizeof({table}));')
        for name in members:
            lines.append(f'printf("member\\t{table}.{name}\\t%zu\\n", offsetof({table}, {name}));')
    for name, parameters in macros.items():
        if parameters:
            lines.append(f'printf("macro\\t{name}{parameters}\\t%s\\n", SHOWN({name}{parameters}));')
        else:
            lines.append(f'if (IS_TEXT({name})) printf("text\\t{name}\\t\\"%s\\"\\n", (const char*)(size_t){name});'
                         f' else printf("constant\\t{name}\\t%lld\\n", (long long)(size_t){name});')
    lines.append("return 0; }")
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder, "layout")
        run("cc", "-std=c11", "-w", "-x", "c", "-", "-o", program, text="\n".join(lines))
        return [line.split("\t") for line in run(program).splitlines()]


def read_header(header=HEADER):
    """{(sort, name): value} of a header; raises Failure when it can't be parsed, or holds nothing."""
    entries, tables, types = {}, {}, {}
    for node in parse(header):
        if not isinstance(node, c_ast.Typedef):
            raise Failure(f"{header}:{node.coord.line}: only typedefs and macros belong in abi.h")
        struct = node.type.type if isinstance(node.type, c_ast.TypeDecl) else None
        if not isinstance(struct, c_ast.Struct):
            entries["type", node.name] = type_text(node.type)
        elif struct.decls is None:
            entries["opaque", node.name] = ""
        else:
            tables[node.name] = {member.name: type_text(member.type) for member in struct.decls}
    if not tables:
        raise Failure(f"{header}: no tables found")
    for sort, name, value in measure(header, tables, macros_of(header)):
        if sort == "member":
            table, member = name.split(".")
            value = f"{value}, {tables[table][member]}"
        entries[sort, name] = value
    return entries


def line_of(sort, name, value):
    parts = [*name.split(".")] if sort == "member" else [name]
    return f"CRM_LAYOUT_{sort.upper()}({', '.join([*parts, *([value] if value else [])])})"


def write_record(entries, record=RECORD):
    record.write_text(INTRO + "".join(line_of(*key, value) + "\n" for key, value in entries.items()))


def read_record(record=RECORD):
    """The recorded entries; raises Failure when there are none, or a line can't be read."""
    entries = {}
    for number, line in enumerate(record.read_text().splitlines(), 1):
        if line.startswith("//"):
            continue
        match = re.fullmatch(r"CRM_LAYOUT_(\w+?)\((.*)\)", line)
        if not match:
            raise Failure(f"{record}:{number}: not an entry: {line}")
        sort, rest = match[1].lower(), match[2]
        if sort == "macro":
            name, value = re.fullmatch(r"(\w+\([^)]*\)), (.*)", rest).groups()
        elif sort == "member":
            table, member, value = rest.split(", ", 2)
            name = f"{table}.{member}"
        else:
            name, _, value = rest.partition(", ")
        entries[sort, name] = value
    if not any(sort == "table" for sort, _ in entries):
        raise Failure(f"{record}: no tables recorded")
    return entries
