"""What every declaration in abi.h must look like: its tags, its types, its place in a table."""
import re

from pycparser import c_ast

from layout import parse, type_text

THREAD = {"any-thread", "task-thread", "main-thread"}
OWNERSHIP = {"borrowed", "sink", "owned"}
PLAIN = {"int32_t", "uint32_t", "int64_t", "uint64_t", "void*", "const void*", "const char*", "crm_result"}
MOST_LINES = 600


def function_of(node):
    """The function a declaration points to, or None."""
    inner = node.type
    if isinstance(inner, c_ast.FuncDecl):
        return inner
    return inner.type if isinstance(inner, c_ast.PtrDecl) and isinstance(inner.type, c_ast.FuncDecl) else None


def comment_above(lines, number):
    """The comment that ends on the line before `number` (counted from 1); "" when there is none."""
    last = number - 2
    if last < 0 or not lines[last].rstrip().endswith("*/"):
        return ""
    first = last
    while first > 0 and "/*" not in lines[first]:
        first -= 1
    return "\n".join(lines[first:number - 1])


def tag_findings(name, comment):
    tags = set(re.findall(r"\[([a-z]+(?:-[a-z]+)?)\]", comment))
    if not tags & THREAD:
        yield f"{name} has no thread tag in the comment right above it"
    if len(tags & THREAD) > 1:
        yield f"{name} has more than one thread tag"
    if not tags & OWNERSHIP:
        yield f"{name} has no ownership tag in the comment right above it"
    for tag in re.findall(r"\[([a-z]+-thread|borrowed\w+|sinks|owner\w*)\]", comment):
        if tag not in THREAD | OWNERSHIP:
            yield f"{name} has the unknown tag [{tag}]"


def type_findings(name, text):
    table_pointer = re.fullmatch(r"(const )?crm_\w+\*{1,2}", text)
    out_pointer = text in ("int64_t*", "uint64_t*", "uint32_t*", "int32_t*")
    if text not in PLAIN and text != "void" and not table_pointer and not out_pointer:
        yield f"{name} uses {text}, whose size or passing differs between compilers"


def function_findings(name, function):
    parameters = function.args.params if function.args else []
    if not parameters:
        yield f"{name} must say (void) when it takes nothing"
    names = []
    for parameter in parameters:
        if isinstance(parameter, c_ast.EllipsisParam):
            yield f"{name} is variadic"
            return
        text = type_text(parameter.type)
        names.append((parameter.name, text))
        yield from type_findings(f"{name}({parameter.name})", text)
    yield from type_findings(name, type_text(function.type))
    for (parameter, text), (_, following) in zip(names, [*names[1:], ("", "")]):
        if text == "const char*" and following != "uint64_t":
            yield f"{name}({parameter}) is text without a uint64_t size after it"
    if type_text(function.type) == "crm_result" and not name.startswith("crm_sink."):
        if names[-1][1] != "const crm_sink*" or names[-1][0] != "error":
            yield f"{name} answers a code but has no error sink as its last parameter"


def table_findings(table, struct):
    names = [member.name for member in struct.decls]
    start = ["magic", "struct_size", "major", "minor"] if table == "crm_entry" else ["struct_size"]
    if names[:len(start)] != start:
        yield f"{table} must start with {', '.join(start)}"
    for member in struct.decls:
        if member.bitsize is not None:
            yield f"{table}.{member.name} is a bit-field"
        elif function_of(member) is None:
            yield from type_findings(f"{table}.{member.name}", type_text(member.type))


def lint(header):
    """Everything that is wrong with the header, one text each."""
    lines = header.read_text().splitlines()
    findings = []
    if len(lines) >= MOST_LINES:
        findings.append(f"{len(lines)} lines; it must stay under {MOST_LINES}")
    tables, functions = {}, 0
    nodes = parse(header)
    for node in nodes:
        struct = node.type.type if isinstance(node, c_ast.Typedef) and isinstance(node.type, c_ast.TypeDecl) else None
        members = []
        if isinstance(struct, c_ast.Struct) and struct.decls is not None:
            tables[node.name] = struct
            findings += table_findings(node.name, struct)
            members = [(f"{node.name}.{member.name}", member) for member in struct.decls]
        elif isinstance(struct, c_ast.Enum) or isinstance(node.type, c_ast.Enum):
            findings.append(f"line {node.coord.line}: an enum, whose size differs between compilers")
        for name, declared in members or [(node.name, node)]:
            function = function_of(declared)
            if function is None:
                continue
            functions += 1
            findings += tag_findings(name, comment_above(lines, declared.coord.line))
            findings += function_findings(name, function)
    for macro in re.findall(r"^#define CRM_(?:SERVICE|INTERFACE)_(\w+) ", header.read_text(), re.MULTILINE):
        if f"crm_{macro.lower()}" not in tables:
            findings.append(f"the name CRM_…_{macro} has no table crm_{macro.lower()}")
    if functions == 0:
        findings.append("no functions found: the lint would check nothing")
    return findings
