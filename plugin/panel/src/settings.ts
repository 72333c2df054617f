// What the person has changed but not saved yet, and what of it may be saved. Pure.
import {
  DIRECTIONS, KINDS, type Available, type AutoSync, type Config, type ConfigPatch, type ConflictPolicy, type Direction,
  type Kind,
} from "./types.js";

export const INTERVAL = { min: 1, max: 1440 } as const;
export const PERCENT = { min: 0, max: 100 } as const;
export const RECORDS = { min: 0, max: 1_000_000_000 } as const;

export const RECOMMENDED: {
  intervals: Record<Kind, number>;
  direction: Record<Kind, Direction>;
} = {
  intervals: { products: 30, invoices: 15, contacts: 60, inventory: 10 },
  direction: {
    products: "metakocka_to_crm",
    invoices: "metakocka_to_crm",
    contacts: "bidirectional",
    inventory: "metakocka_to_crm",
  },
};

/** Only what differs from the server; numbers stay as typed until they are saved. */
export interface Draft {
  intervals: Partial<Record<Kind, string>>;
  direction: Partial<Record<Kind, Direction>>;
  policy: Partial<Record<Kind, ConflictPolicy>>;
  realTimeEnabled?: boolean;
  webhooksEnabled?: boolean;
  writeProtection?: boolean;
  maxPercent?: string;
  maxRecords?: string;
}

export function emptyDraft(): Draft {
  return { intervals: {}, direction: {}, policy: {} };
}

export interface Capabilities {
  direction: Record<Kind, Direction[]>;
  realTime: boolean;
  webhooks: boolean;
}

/** What this version of the module can do; silent means the least. */
export function capabilities(config: Config | undefined): Capabilities {
  const said: Available = config?.available ?? config?.capabilities ?? {};
  const direction = {} as Record<Kind, Direction[]>;
  for (const kind of KINDS) {
    const listed = DIRECTIONS.filter((d) => said.direction?.[kind]?.includes(d));
    direction[kind] = listed.length > 0 ? listed : ["metakocka_to_crm"];
  }
  return { direction, realTime: said.realTime === true, webhooks: said.webhooks === true };
}

/** A whole number within the range, or null. */
export function wholeNumber(text: string, range: { min: number; max: number }): number | null {
  const trimmed = text.trim();
  if (!/^\d{1,10}$/.test(trimmed)) return null;
  const value = Number(trimmed);
  return value >= range.min && value <= range.max ? value : null;
}

export function savedInterval(status: AutoSync, kind: Kind): number {
  return status.config?.intervals?.[kind] ?? status.types?.[kind]?.intervalMinutes ?? RECOMMENDED.intervals[kind];
}

export function savedDirection(status: AutoSync, kind: Kind): Direction {
  return status.config?.direction?.[kind] ?? status.types?.[kind]?.direction ?? "metakocka_to_crm";
}

/** Who wins when both sides changed the same; null where one side is the master anyway. */
export function policyOf(draft: Draft, status: AutoSync, kind: Kind): ConflictPolicy | null {
  if (directionOf(draft, status, kind) !== "bidirectional") return null;
  return draft.policy[kind] ?? status.config?.conflictPolicy?.[kind]?.default ?? null;
}

export function directionOf(draft: Draft, status: AutoSync, kind: Kind): Direction {
  return draft.direction[kind] ?? savedDirection(status, kind);
}

export function isOn(draft: Draft, status: AutoSync, name: Switch): boolean {
  return draft[name] ?? status.config?.[name] ?? SWITCHES[name];
}

/** Whether the CRM's changes of a kind reach Metakocka; "protected" when only the write protection keeps them from it. */
export function writing(draft: Draft, status: AutoSync, kind: Kind): "yes" | "no" | "protected" {
  if (directionOf(draft, status, kind) === "metakocka_to_crm") return "no";
  return kind === "contacts" || !isOn(draft, status, "writeProtection") ? "yes" : "protected";
}

/** The settings that are either on or off, with what holds when the server is silent. */
export const SWITCHES = { realTimeEnabled: false, webhooksEnabled: false, writeProtection: true } as const;
export type Switch = keyof typeof SWITCHES;

export interface DraftCheck {
  patch: ConfigPatch;
  changed: boolean;
  invalid: Set<string>;
}

export function checkDraft(draft: Draft, status: AutoSync): DraftCheck {
  const patch: ConfigPatch = {};
  const invalid = new Set<string>();
  let changed = false;

  const number = (
    text: string | undefined, saved: number | undefined, range: { min: number; max: number }, path: string,
    put: (value: number) => void,
  ): void => {
    if (text === undefined) return;
    const value = wholeNumber(text, range);
    if (value === null) {
      invalid.add(path);
      changed = true;
    } else if (value !== saved) {
      put(value);
      changed = true;
    }
  };

  for (const kind of KINDS) {
    number(draft.intervals[kind], savedInterval(status, kind), INTERVAL, `intervals.${kind}`, (value) => {
      (patch.intervals ??= {})[kind] = value;
    });
    const direction = draft.direction[kind];
    if (direction !== undefined && direction !== savedDirection(status, kind)) {
      (patch.direction ??= {})[kind] = direction;
      changed = true;
    }
    const policy = policyOf(draft, status, kind);
    if (policy !== null && policy !== status.config?.conflictPolicy?.[kind]?.default) {
      (patch.conflictPolicy ??= {})[kind] = { default: policy };
      changed = true;
    }
  }
  const guard = status.config?.deleteGuard;
  number(draft.maxPercent, guard?.maxPercent, PERCENT, "deleteGuard.maxPercent", (value) => {
    (patch.deleteGuard ??= {}).maxPercent = value;
  });
  number(draft.maxRecords, guard?.maxRecords, RECORDS, "deleteGuard.maxRecords", (value) => {
    (patch.deleteGuard ??= {}).maxRecords = value;
  });
  for (const name of Object.keys(SWITCHES) as Switch[]) {
    const value = isOn(draft, status, name);
    if (value !== isOn(emptyDraft(), status, name)) {
      patch[name] = value;
      changed = true;
    }
  }
  return { patch, changed, invalid };
}

/** The user's document's settings, as far as this version offers them. */
export function recommendedDraft(draft: Draft, status: AutoSync): Draft {
  const can = capabilities(status.config);
  const next: Draft = { ...draft, intervals: {}, direction: {} };
  for (const kind of KINDS) {
    next.intervals[kind] = String(RECOMMENDED.intervals[kind]);
    const wanted = RECOMMENDED.direction[kind];
    next.direction[kind] = can.direction[kind].includes(wanted) ? wanted : "metakocka_to_crm";
  }
  if (can.realTime) next.realTimeEnabled = true;
  return next;
}
