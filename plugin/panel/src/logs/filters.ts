// The filters of the Logs page as a query. Pure.
import type { Query } from "../api.js";

export interface Filters {
  type: string;
  level: string;
  operation: string;
  run: string;
  from: string;
  to: string;
  q: string;
}

export const NO_FILTERS: Readonly<Filters> = { type: "", level: "", operation: "", run: "", from: "", to: "", q: "" };

/** The local time of a `datetime-local` field as RFC 3339 in UTC; empty when incomplete. */
export function utc(local: string): string {
  if (!local) return "";
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

export function toQuery(filters: Filters): Query {
  return {
    type: filters.type,
    level: filters.level,
    operation: filters.operation.trim(),
    run: filters.run.trim(),
    from: utc(filters.from),
    to: utc(filters.to),
    q: filters.q.trim(),
  };
}

export function isFiltered(filters: Filters): boolean {
  return Object.values(toQuery(filters)).some((value) => value !== "");
}

export function rangeIsBackwards(filters: Filters): boolean {
  const from = utc(filters.from);
  const to = utc(filters.to);
  return from !== "" && to !== "" && from > to;
}
