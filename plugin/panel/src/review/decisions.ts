// What of a conflict is open, what is decided, and what may be chosen. Pure.
import { KINDS, type AutoSync, type Conflict, type ConflictField, type Resolution, type Side } from "../types.js";

/** The fields a person can decide about: of a group that belongs together, those that differ. */
export function openFields(conflict: Conflict): ConflictField[] {
  return conflict.fields.filter((field) => field.metakocka !== field.crm);
}

export function chosenSide(conflict: Conflict, field: string): Side | null {
  const { resolution } = conflict;
  return typeof resolution === "string" ? resolution : (resolution?.[field] ?? null);
}

/** Whether the CRM's side can be chosen for anything. */
export function crmCanWin(conflict: Conflict): boolean {
  return conflict.what !== "fields" || openFields(conflict).some((field) => field.metakockaTakesIt);
}

/** A record that was removed on one side is decided as a whole; so is one with a single open field. */
export function byField(conflict: Conflict): boolean {
  return conflict.what === "fields" && openFields(conflict).length > 1;
}

/** The decision with one more field: what was chosen for the others and is not carried out yet stays. */
export function withChoice(conflict: Conflict, field: string, side: Side): Resolution {
  const before = conflict.resolution;
  return { ...(before !== null && typeof before === "object" ? before : {}), [field]: side };
}

/** How much waits for a person. */
export function waiting(status: AutoSync, what: "conflicts" | "quarantined"): number {
  return KINDS.reduce((sum, kind) => sum + (status.types?.[kind]?.[what] ?? 0), 0);
}

/** Changes whenever the lists may have changed. */
export function signature(status: AutoSync): string {
  return JSON.stringify(KINDS.map((kind) => {
    const { conflicts, quarantined, lastRun } = status.types?.[kind] ?? {};
    return [conflicts, quarantined, lastRun?.id, lastRun?.state];
  }));
}
