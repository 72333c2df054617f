"""Which changes of the layout the rules of growth allow (docs/boundary.md)."""
import dataclasses

from layout import FROZEN


@dataclasses.dataclass
class Changes:
    breaks: list = dataclasses.field(default_factory=list)  # what a module built before would trip over
    added: list = dataclasses.field(default_factory=list)
    retired: dict = dataclasses.field(default_factory=dict)  # interface name: its keys
    frozen: list = dataclasses.field(default_factory=list)  # wrong even with another major version
    major_raised: bool = False
    minor_raised: bool = False


def interfaces_of(entries):
    """{"crm.log/1": the keys of its name and its table}; a table crm_x belongs to CRM_SERVICE_X or
    CRM_INTERFACE_X."""
    found = {}
    for sort, name in entries:
        kind, _, tail = name.removeprefix("CRM_").partition("_")
        if sort != "text" or kind not in ("SERVICE", "INTERFACE"):
            continue
        table = f"crm_{tail.lower()}"
        keys = [key for key in entries if key == ("table", table) or key[1].startswith(f"{table}.")]
        found[entries[sort, name].strip('"')] = [(sort, name), *keys]
    return found


def compare(recorded, found):
    """What changed between the recorded layout and the one found now."""
    changes = Changes()
    for name in ("CRM_ABI_MAJOR", "CRM_ABI_MINOR"):
        if ("constant", name) not in found:
            changes.frozen.append(f"{name} vanished")
    before, now = ([int(e.get(("constant", f"CRM_ABI_{n}"), 0)) for n in ("MAJOR", "MINOR")]
                   for e in (recorded, found))
    changes.major_raised = now[0] > before[0]
    changes.minor_raised = changes.major_raised or now[1] > before[1]
    if now[0] < before[0] or (now[0] == before[0] and now[1] < before[1]):
        changes.breaks.append(f"the version went back from {before} to {now}")

    for interface, keys in interfaces_of(recorded).items():
        if not any(key in found for key in keys):
            changes.retired[interface] = keys
    gone = {key for keys in changes.retired.values() for key in keys}
    grown = {key[1].split(".")[0] for key in found if key[0] == "member" and key not in recorded}

    for key, value in recorded.items():
        sort, name = key
        if key in gone or key in (("constant", "CRM_ABI_MAJOR"), ("constant", "CRM_ABI_MINOR")):
            continue
        where = changes.frozen if name in [f"crm_entry.{m}" for m in FROZEN] else changes.breaks
        if key not in found:
            where.append(f"{sort} {name} vanished (was {value})")
        elif found[key] != value:
            longer = sort == "table" and name in grown and int(found[key]) > int(value)
            if not longer:
                where.append(f"{sort} {name} was {value}, is {found[key]}")
    for key, value in found.items():
        if key not in recorded:
            changes.added.append(f"{key[0]} {key[1]} {value}".rstrip())
    # A member that is new must lie behind all that were there.
    for sort, name in found:
        if sort != "member" or (sort, name) in recorded:
            continue
        table = name.split(".")[0]
        offset = int(found[sort, name].split(",")[0])
        if ("table", table) in recorded and offset < int(recorded["table", table]):
            changes.breaks.append(f"member {name} is new but not at the end of {table}")
    return changes
