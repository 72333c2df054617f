// The module's HTTP answers, as far as the two elements read them.

export const KINDS = ["products", "invoices", "contacts", "inventory"] as const;
export type Kind = (typeof KINDS)[number];

export const DIRECTIONS = ["metakocka_to_crm", "crm_to_metakocka", "bidirectional"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const POLICIES = ["newest_wins", "metakocka_wins", "crm_wins", "manual"] as const;
export type ConflictPolicy = (typeof POLICIES)[number];

export const COUNTS = [
  "records", "created", "updated", "unchanged",
  "deactivated", "excluded", "conflicts", "quarantined",
] as const;
export type Count = (typeof COUNTS)[number];

export type KindState = "off" | "idle" | "queued" | "running" | "backing_off" | "paused";
export type RunState = "queued" | "running" | "succeeded" | "partial" | "failed" | "cancelled" | "held";
export type ConnectionState = "unconfigured" | "ok" | "auth_failed" | "unreachable" | "paused";

export const TEST_REASONS = [
  "invalid_credentials", "ip_not_allowed", "unreachable", "tls", "quota", "not_the_api",
] as const;
export type TestReason = (typeof TEST_REASONS)[number];

export interface Run {
  id: string;
  type?: Kind;
  mode?: "sync" | "full" | "preview";
  trigger?: "timer" | "manual" | "webhook";
  state: RunState;
  startedAt?: string | null;
  finishedAt?: string | null;
  counts?: Partial<Record<Count, number>> | null;
  error?: unknown;
  errorKind?: string | null;
}

export interface Coverage {
  found?: number;
  byDocuments?: number;
  byLookup?: number;
  bySweep?: number;
  complete?: boolean;
  note?: string;
}

export interface KindStatus {
  direction?: Direction;
  intervalMinutes?: number;
  state: KindState;
  nextRunAt?: string | null;
  lastRun?: Run | null;
  lastSuccessAt?: string | null;
  linked?: number;
  inactive?: number;
  conflicts?: number;
  quarantined?: number;
  progress?: unknown;
  coverage?: Coverage | null;
}

export interface Available {
  direction?: Partial<Record<Kind, Direction[]>>;
  realTime?: boolean;
  webhooks?: boolean;
}

export interface Config {
  intervals?: Partial<Record<Kind, number>>;
  direction?: Partial<Record<Kind, Direction>>;
  realTimeEnabled?: boolean;
  webhooksEnabled?: boolean;
  writeProtection?: boolean;
  conflictPolicy?: Partial<Record<Kind, { default: ConflictPolicy; fields?: Record<string, ConflictPolicy> }>>;
  deleteGuard?: { maxPercent?: number; maxRecords?: number };
  available?: Available;
  capabilities?: Available;
}

export interface AutoSync {
  enabled: boolean;
  isRunning: boolean;
  config?: Config;
  activeTimers?: unknown[];
  connection?: { state: ConnectionState; checkedAt?: string | null; message?: string | null };
  types?: Partial<Record<Kind, KindStatus>>;
  errors?: unknown[];
}

export interface Credentials {
  configured: boolean;
  companyId?: string | null;
  baseUrl?: string | null;
  setAt?: string | null;
  ageDays?: number | null;
  /** Whether one is stored. */
  webhookSecret?: boolean;
}

export interface CredentialsInput {
  companyId: string;
  secretKey: string;
  baseUrl?: string;
  caCertificate?: string;
  /** Left out: the stored one is kept. */
  webhookSecret?: string;
}

export interface TestResult {
  ok: boolean;
  latencyMs?: number | null;
  reason?: TestReason | null;
  message?: string | null;
}

export interface LogItem {
  id: string | number;
  at: string;
  level: "debug" | "info" | "warning" | "error";
  type?: Kind | null;
  operation?: string | null;
  run?: string | null;
  message: string;
  details?: unknown;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** What POST /auto-sync takes; any subset. */
export interface ConfigPatch {
  enabled?: boolean;
  intervals?: Partial<Record<Kind, number>>;
  direction?: Partial<Record<Kind, Direction>>;
  realTimeEnabled?: boolean;
  webhooksEnabled?: boolean;
  writeProtection?: boolean;
  conflictPolicy?: Partial<Record<Kind, { default: ConflictPolicy }>>;
  deleteGuard?: { maxPercent?: number; maxRecords?: number };
}

export const SIDES = ["metakocka", "crm"] as const;
export type Side = (typeof SIDES)[number];

export interface ConflictField {
  field: string;
  base: string | null;
  metakocka: string | null;
  crm: string | null;
  /** When false, the CRM's value can't be chosen. */
  metakockaTakesIt: boolean;
}

/** The winning side, or that of single fields. */
export type Resolution = Side | Record<string, Side>;

export interface Conflict {
  id: string;
  type: Kind;
  crmId: string;
  externalId: string | null;
  title: string | null;
  since: string;
  what: "fields" | "removed_in_metakocka" | "removed_in_crm";
  fields: ConflictField[];
  newer: Side | null;
  /** Decided by a person, not carried out yet. */
  resolution: Resolution | null;
}

export interface Quarantined {
  id: string;
  type: Kind;
  externalId: string | null;
  crmId: string | null;
  reason: string;
  since: string;
  tries: number;
}
