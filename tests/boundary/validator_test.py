"""Every check of crm-connector-check has a module that fails it and no other; the product passes them all.

The faulty modules and the product are led through scenarios, the product's against the simulator.
Usage: validator_test.py CHECKER FOLDER-OF-FAULTY-MODULES PRODUCT-MODULE SIMULATOR DOCUMENT
"""

import base64
import concurrent.futures
import contextlib
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CHECKER, FAULTY, PRODUCT, SIMULATOR, DOCUMENT = (pathlib.Path(argument) for argument in sys.argv[1:6])

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
    "exact-size": ["create.long-tables"],
    "exact-sink": ["sink.longer"],
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
    "breaks-idle-cancel": ["cancel.idle"],
    "ignores-cancel": ["cancel.run"],
    "stops-in-name": ["stop.run"],
    "late-stop": ["stop.in-time"],
    "exits": ["stop.deadlines"],
    "hangs": ["stop.deadlines"],
    "eats-memory": ["stop.deadlines"],
    "never-stops": ["stop.idle"],
    "negative-deadline": ["stop.deadlines"],
    "records-in-create": ["threads.host-calls"],
    "thread-calls-host": ["threads.host-calls"],
    "one-at-a-time": ["threads.concurrent"],
    "leaves-thread": ["threads.left"],
    "leaks-descriptors": ["leaks.descriptors"],
    "leaks-memory": ["leaks.memory"],
    "leaks-little": ["leaks.memory"],
    "changes-environment": ["process.state"],
    "prints": ["process.output"],
    "leaves-process": ["process.left"],
    "kills-parent": ["stop.deadlines"],
    "stops-parent": ["stop.deadlines"],
    "stops-itself": ["stop.deadlines"],
    "writes-beside": ["files.own-folder"],
    "needs-tmp": ["files.confined"],
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
    "plain-errors": ["http.problems"],
    "trusts-settings": ["settings.garbage"],
    "ignores-settings-failure": ["settings.unreadable"],
    "fuzzed-settings": ["settings.fuzz"],
    "trusts-changes": ["settings.changed"],
    "trusts-records": ["records.hostile"],
    "trusts-keys": ["keys.hostile"],
    "trusts-folder": ["files.hostile"],
    "trusts-clock": ["clock.jumps"],
    "trusts-host": ["services.refusals"],
    "trusts-feed": ["services.refusals"],
}
# How a module that takes the process down with it is described.
WORDS = {
    "exits": "exit(3)",
    "hangs": "had not ended",
    "eats-memory": "MiB of memory",
    "kills-parent": "the process that watches it",
    "stops-parent": "the process that watches it",
    "stops-itself": "stopped the process by signal 19",
    "leaves-process": "1 still running",
    "trusts-next": "signal 11",
    "fuzzed": "signal 6",
}

KEY = Ed25519PrivateKey.generate()
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

problems = []


def expect(what, found, wanted):
    if found != wanted:
        problems.append(f"{what}: found {found}, wanted {wanted}")


def run(*arguments):
    return subprocess.run([CHECKER, *map(str, arguments)], capture_output=True, text=True, timeout=600)


def eventually(condition, seconds=20):
    until = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < until:
        time.sleep(0.01)
    return met


def judge(module, scenario):
    done = run("--json", "--jobs", "2", "--scenario", scenario, module)
    if done.returncode not in (0, 1):
        sys.exit(f"{module.name}: the checker ended with {done.returncode}: {done.stderr}")
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    expect(f"{module.name}: exit status", done.returncode, 1 if failing(checks) else 0)
    return checks


def failing(checks):
    return sorted(name for name, check in checks.items() if check["verdict"] == "fail")


def not_passing(checks):
    return [name for name, check in checks.items() if check["verdict"] != "pass"]


def signed(manifest):
    canonical = json.dumps(manifest, sort_keys=True, separators=(",", ":"))
    value = KEY.sign(b"crm-connector-manifest/1\n" + canonical.encode())
    return {**manifest, "signature": {"algorithm": "ed25519", "key": PUBLIC, "value": base64.b64encode(value).decode()}}


def add(folder, source, name, sign=signed, **changes):
    """A module file with a manifest that fits it but for the changes, and is signed."""
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
    beside.write_text(json.dumps(sign(manifest)))
    beside.chmod(0o644)
    return module


@contextlib.contextmanager
def simulator(folder):
    """The ERP; yields the request that tells the product of it."""
    command = [SIMULATOR, "--listen", "127.0.0.1:0", "--tls-dir", folder / "tls", "--companies", "1", "--latency", "20"]
    sizes = ["--products", "60", "--partners", "40", "--invoices", "40", "--seed", "5"]
    with subprocess.Popen([*command, *sizes], stdout=subprocess.PIPE, text=True) as process:
        try:
            ready = process.stdout.readline()
            if not ready.startswith("metakocka-sim ready "):
                sys.exit(f"the simulator did not start: {ready!r}")
            credentials = {
                "companyId": "1",
                "secretKey": "sim-secret-key-1",
                "baseUrl": ready.split()[2],
                "caCertificate": (folder / "tls/ca.pem").read_text(),
            }
            yield {"method": "PUT", "path": "/credentials", "body": credentials}
        finally:
            process.terminate()


def write_scenario(file, **scenario):
    file.write_text(json.dumps(scenario))
    return file


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    work = write_scenario(folder / "work.scenario", requests=[{"method": "POST", "path": "/state", "body": {"work": 1}}])
    covered = set()

    def check(module, wanted):
        expect(module.stem, failing(judge(module, work)), wanted)
        covered.update(wanted)

    expect("modules built", sorted(module.stem for module in FAULTY.glob("*.so")), sorted(FAULTS))
    # Most of a check's time is waiting.
    with simulator(folder) as credentials, concurrent.futures.ThreadPoolExecutor(4) as pool:
        start = {"method": "POST", "path": "/auto-sync", "body": {"enabled": True}}
        first_sync = {"requests": [credentials, start], "rounds": 40, "exchangeSeconds": 5}
        product = pool.submit(judge, PRODUCT, write_scenario(folder / "product.scenario", **first_sync))
        modules = [add(folder, FAULTY / f"{fault}.so", fault) for fault in FAULTS]
        judged = list(pool.map(lambda module: judge(module, work), modules))
        checks = product.result()
        expect("product", {check: checks[check] for check in not_passing(checks)}, {})
    for (fault, wanted), checks in zip(FAULTS.items(), judged):
        expect(fault, {check: checks[check] for check in failing(checks) if check not in wanted}, {})
        expect(f"{fault}: checks that it fails", [check for check in wanted if check in failing(checks)], wanted)
        covered.update(wanted)
        if fault in WORDS and WORDS[fault] not in checks[wanted[0]].get("found", ""):
            problems.append(f"{fault}: {WORDS[fault]!r} is not in {checks[wanted[0]].get('found')!r}")
    expect("sound", not_passing(judged[list(FAULTS).index("sound")]), [])

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

    check(add(folder, sound, "changed-after-signing", lambda m: {**signed(m), "version": "1.0.1"}), ["manifest.signature"])
    unsigned = add(folder, sound, "unsigned", lambda manifest: manifest)
    expect("unsigned", not_passing(judge(unsigned, work)), ["manifest.signature"])
    expect("unsigned: exit status", run("--check", "manifest.signature", unsigned).returncode, 0)
    for module, key, status in ((folder / "sound.so", PUBLIC, 0), (folder / "sound.so", "A" * 43 + "=", 1), (unsigned, PUBLIC, 1)):
        done = run("--check", "manifest.signature", "--trusted", key, module)
        expect(f"{module.name} with --trusted {key}", done.returncode, status)

    listed = [line.split()[0] for line in run("--list").stdout.splitlines()]
    expect("checks that no module fails", sorted(set(listed) - covered), [])
    documented = re.findall(r"^### `(.+)`$", DOCUMENT.read_text(), re.MULTILINE)
    expect("checks in the document, in the order of --list", documented, listed)
    for entry in re.split(r"^(?=### )", DOCUMENT.read_text(), flags=re.MULTILINE)[1:]:
        told = run("--explain", entry.split("`")[1]).stdout
        for part in ("demands", "why", "rule", "fix"):
            text = re.search(rf"^  {part} +(.+)$", told, re.MULTILINE)[1]
            if text not in entry.replace("\n", " "):
                problems.append(f"the document does not say of {entry.split('`')[1]}: {text}")

    expect("no module", run().returncode, 2)
    expect("unknown check", run("--check", "no.such", sound).returncode, 2)
    # Killed in the middle of a check, it leaves neither the check's process nor its files.
    temporary = folder / "temporary"
    temporary.mkdir()
    with subprocess.Popen([CHECKER, "--check", "stop.deadlines", folder / "hangs.so"], stdout=subprocess.DEVNULL,
                          env={**os.environ, "TMPDIR": str(temporary)}) as killed:
        expect("a check has begun", eventually(lambda: any(temporary.glob("crm-check-*/instances/*"))), True)
        killed.kill()
    expect("files of a killed checker are gone", eventually(lambda: not any(temporary.iterdir())), True)

    some = run("--check", "create", "--check", "file.elf", folder / "sound.so").stdout
    expect("a group and a check", "9 passed, 0 failed" in some, True)

for problem in problems:
    print(problem)
sys.exit(1 if problems else 0)
