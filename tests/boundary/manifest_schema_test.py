"""Manifests against their schema: the product's template, a finished one, and wrong ones.

manifest_schema_test.py MANIFESTS_FOLDER FINISHED_MANIFEST
"""
import copy
import json
import pathlib
import sys

import jsonschema

folder, finished = map(pathlib.Path, sys.argv[1:])
schema = json.loads((folder / "connector-manifest.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

template = json.loads((folder / "metakocka-autosync.json").read_text())
validator.validate(template)
manifest = json.loads(finished.read_text())
validator.validate(manifest)
assert len(manifest["sha256"]) == 64, "the build did not fill in the digest"

WRONG = {
    "id": ["Metakocka", "", "-a", 5],
    "name": ["", None, "a\nb", "a\u202eb", "a\u0085b"],
    "version": ["1.2", "01.2.3"],
    "file": ["../a.so", "/a.so", "a.txt"],
    "sha256": ["abc", "A" * 64],
    "api": [1, {"major": 0, "minor": 0}, {"major": 1}],
}
for member, values in WRONG.items():
    for value in values:
        broken = copy.deepcopy(manifest)
        broken[member] = value
        assert not validator.is_valid(broken), f"{member}: {value!r} was accepted"
    broken = copy.deepcopy(manifest)
    del broken[member]
    assert not validator.is_valid(broken), f"a manifest without {member} was accepted"

for member in "description", "publisher":
    for value in ["a\u2066b", "a\u007fb", None]:
        assert not validator.is_valid(manifest | {member: value}), f"{member}: {value!r} was accepted"

SIGNED = {"algorithm": "ed25519", "key": "A" * 43 + "=", "value": "A" * 86 + "=="}
manifest["signature"] = SIGNED
validator.validate(manifest)
for change in {"algorithm": "rsa"}, {"key": "A" * 44}, {"value": "A" * 43 + "="}:
    manifest["signature"] = SIGNED | change
    assert not validator.is_valid(manifest), f"a signature with {change} was accepted"
