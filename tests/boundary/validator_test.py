"""Every check of crm-connector-check has a module that fails it and no other; the product passes them all.

Usage: validator_test.py CHECKER FOLDER-OF-FAULTY-MODULES PRODUCT-MODULE DOCUMENT
"""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

CHECKER, FAULTY, PRODUCT, DOCUMENT = (pathlib.Path(argument) for argument in sys.argv[1:5])

# The checks that each faulty module must fail, and no others.
FAULTS = {
    "sound": [],
    "no-entry": ["binary.entry"],
    "two-symbols": ["binary.one-symbol"],
    "unique-symbol": ["binary.no-unique"],
    "text-relocation": ["binary.no-text-relocations"],
    "executable-stack": ["binary.no-exec-stack"],
    "lazy-binding": ["binary.bind-now"],
    "no-relro": ["binary.relro"],
    "run-path": ["binary.no-run-path"],
    "static-tls": ["binary.no-static-tls"],
    "writable-code": ["binary.no-writable-code"],
    "undefined-symbol": ["entry.loads"],
    "null-entry": ["entry.present"],
    "wrong-magic": ["entry.magic"],
    "short-entry": ["entry.size"],
    "other-major": ["entry.major"],
    "moving-entry": ["entry.stable"],
    "missing-function": ["entry.connector"],
    "moving-table": ["entry.constant"],
    "any-name": ["entry.unknown-names"],
    "terminated-name": ["entry.name-bounded"],
    "create-fails": ["create.works"],
    "needs-files": ["create.missing-services"],
    "calls-null": ["create.null-members"],
    "beyond-the-end": ["create.short-tables"],
    "once-only": ["create.again"],
    "destroy-null": ["create.destroy-null"],
    "shared-host": ["create.independent"],
    "describe-no-json": ["describe.valid"],
    "other-id": ["describe.id"],
    "unknown-permission": ["describe.routes"],
    "describe-changes": ["describe.stable"],
    "unknown-state": ["status.valid"],
    "ignores-refusal": ["sink.refused"],
    "trusts-sinks": ["sink.null"],
    "busy-loop": ["run.next"],
    "negative-budget": ["run.budgets"],
    "negative-time": ["run.times"],
    "long-slice": ["run.slice"],
    "trusts-next": ["run.null-next"],
    "exits": ["cancel.idle"],
    "hangs": ["cancel.idle"],
    "eats-memory": ["cancel.idle"],
    "never-stops": ["stop.idle"],
    "negative-deadline": ["stop.deadlines"],
    "records-in-create": ["threads.host-calls"],
    "leaks-descriptors": ["leaks.descriptors"],
    "leaks-memory": ["leaks.memory"],
    "changes-environment": ["process.state"],
    "two-heads": ["http.heads"],
    "lets-nobody-in": ["http.no-user"],
    "lets-all-in": ["http.no-permission"],
    "any-path": ["http.unknown-path"],
    "any-method": ["http.unknown-method"],
    "empty-request": ["http.requests"],
    "bad-body": ["http.bodies"],
    "body-too-far": ["http.bounded"],
    "fuzzed": ["http.fuzz"],
    "ignores-refused-head": ["http.refused"],
    "trusts-settings": ["settings.garbage"],
    "ignores-settings-failure": ["settings.unreadable"],
}
# How a module that takes the process down with it is described.
WORDS = {
    "exits": "exit(3)",
    "hangs": "had not ended",
    "eats-memory": "MiB of memory",
    "trusts-next": "signal 11",
    "fuzzed": "signal 6",
}

problems = []


def expect(what, found, wanted):
    if found != wanted:
        problems.append(f"{what}: found {found}, wanted {wanted}")


def run(*arguments):
    return subprocess.run([CHECKER, *map(str, arguments)], capture_output=True, text=True, timeout=120)


def judge(module):
    done = run("--json", module)
    if done.returncode not in (0, 1):
        sys.exit(f"{module.name}: the checker ended with {done.returncode}: {done.stderr}")
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    expect(f"{module.name}: exit status", done.returncode, 1 if failing(checks) else 0)
    return checks


def failing(checks):
    return sorted(name for name, check in checks.items() if check["verdict"] == "fail")


def not_passing(checks):
    return [name for name, check in checks.items() if check["verdict"] != "pass"]


def add(folder, source, name, **changes):
    """A module file with a manifest that fits it but for the changes."""
    module = folder / f"{name}.so"
    shutil.copy(source, module)
    module.chmod(0o644)
    manifest = {
        "id": "sound",
        "name": "Sound",
        "version": "1.0.0",
        "file": module.name,
        "sha256": hashlib.sha256(module.read_bytes()).hexdigest(),
        "api": {"major": 1, "minor": 0},
    }
    manifest.update(changes)
    beside = folder / f"{name}.json"
    beside.write_text(json.dumps(manifest))
    beside.chmod(0o644)
    return module


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    covered = set()

    def check(module, wanted):
        checks = judge(module)
        expect(module.stem, failing(checks), sorted(wanted))
        covered.update(wanted)
        return checks

    expect("modules built", sorted(module.stem for module in FAULTY.glob("*.so")), sorted(FAULTS))
    for fault, wanted in FAULTS.items():
        checks = check(add(folder, FAULTY / f"{fault}.so", fault), wanted)
        if fault in WORDS and WORDS[fault] not in checks[wanted[0]].get("found", ""):
            problems.append(f"{fault}: {WORDS[fault]!r} is not in {checks[wanted[0]].get('found')!r}")
        if fault == "sound":
            expect("sound", not_passing(checks), [])

    sound = FAULTY / "sound.so"
    writable = add(folder, sound, "writable-file")
    writable.chmod(0o666)
    check(writable, ["file.trusted"])
    whole = sound.read_bytes()
    half = folder / "half"
    half.write_bytes(whole[: len(whole) // 2])
    check(add(folder, half, "cut-short"), ["file.elf"])
    check(add(folder, sound, "bad-manifest", version="first"), ["manifest.valid"])
    check(add(folder, sound, "other-file", file="another.so"), ["manifest.file"])
    check(add(folder, sound, "other-digest", sha256="0" * 64), ["manifest.digest"])
    check(add(folder, sound, "other-api", api={"major": 1, "minor": 9}), ["manifest.api"])

    listed = [line.split()[0] for line in run("--list").stdout.splitlines()]
    expect("checks that no module fails", sorted(set(listed) - covered), [])
    document = DOCUMENT.read_text()
    expect("checks not in the document", [check for check in listed if f"`{check}`" not in document], [])

    expect("product", not_passing(judge(PRODUCT)), [])

    expect("no module", run().returncode, 2)
    expect("unknown check", run("--check", "no.such", sound).returncode, 2)
    some = run("--check", "create", "--check", "file.elf", folder / "sound.so").stdout
    expect("a group and a check", "8 passed, 0 failed" in some, True)

for problem in problems:
    print(problem)
sys.exit(1 if problems else 0)
