// Reading the status answer: progress, errors, and the one line that says how all is. Pure.
import { KINDS, type AutoSync, type Kind, type KindStatus } from "./types.js";

export interface Progress {
  done: number | null;
  total: number | null;
  fraction: number | null;
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

/** Accepts a fraction, or an object with what is done and, when known, the total. */
export function readProgress(raw: unknown): Progress {
  if (typeof raw === "number") {
    const fraction = count(raw);
    return { done: null, total: null, fraction: fraction === null ? null : Math.min(1, fraction) };
  }
  const value = (typeof raw === "object" && raw !== null ? raw : {}) as Record<string, unknown>;
  const done = count(value["records"]) ?? count(value["done"]) ?? count(value["processed"]);
  const total = count(value["total"]) || null;
  const fraction = done !== null && total !== null ? Math.min(1, done / total) : count(value["fraction"]);
  return { done, total, fraction };
}

export interface Problem {
  kind: Kind | null;
  reason: string | null;
  message: string;
  at: string | null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function readProblem(raw: unknown): Problem | null {
  if (typeof raw === "string") return raw ? { kind: null, reason: null, message: raw, at: null } : null;
  if (typeof raw !== "object" || raw === null) return null;
  const value = raw as Record<string, unknown>;
  const kind = KINDS.find((k) => k === value["type"]) ?? null;
  const reason = text(value["reason"]) ?? text(value["code"]);
  const message = text(value["message"]) ?? text(value["detail"]) ?? reason;
  return message === null ? null : { kind, reason, message, at: text(value["at"]) };
}

export function isBusy(status: KindStatus | undefined): boolean {
  return status?.state === "running" || status?.state === "queued";
}

export function anyBusy(status: AutoSync): boolean {
  return status.isRunning || KINDS.some((kind) => isBusy(status.types?.[kind]));
}

export function activeTimers(status: AutoSync): Kind[] {
  const listed = (status.activeTimers ?? []).map((timer) =>
    typeof timer === "object" && timer !== null ? (timer as Record<string, unknown>)["type"] : timer,
  );
  return KINDS.filter((kind) => listed.includes(kind));
}

export type Tone = "ok" | "busy" | "off" | "warn" | "bad";

export type Verdict =
  | "unconfigured" | "auth_failed" | "unreachable" | "held" | "failing" | "review" | "running" | "paused" | "off" | "waiting" | "ok";

export const VERDICT_TONE: Record<Verdict, Tone> = {
  unconfigured: "off", auth_failed: "bad", unreachable: "warn", held: "warn", failing: "warn", review: "warn",
  running: "busy", paused: "warn", off: "off", waiting: "busy", ok: "ok",
};

/** The most important thing to say about the whole, in the order a person must know it. */
export function verdict(status: AutoSync): Verdict {
  const connection = status.connection?.state ?? "ok";
  if (connection === "unconfigured") return "unconfigured";
  if (connection === "auth_failed") return "auth_failed";
  const kinds = KINDS.map((kind) => status.types?.[kind]).filter((s) => s !== undefined);
  if (kinds.some((s) => !isBusy(s) && s.lastRun?.state === "held")) return "held";
  if (anyBusy(status)) return "running";
  if (connection === "unreachable") return "unreachable";
  const failing = kinds.some(({ state, lastRun }) =>
    state === "backing_off" || lastRun?.state === "failed" || (lastRun?.state === "partial" && lastRun.errorKind !== "quarantine"));
  if (failing) return "failing";
  if (kinds.some((s) => s.conflicts || s.quarantined)) return "review";
  if (connection === "paused") return "paused";
  if (!status.enabled) return "off";
  if (kinds.some((s) => !s.lastSuccessAt)) return "waiting";
  return "ok";
}
