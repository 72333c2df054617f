// What a person sets for one record kind: direction, who wins, interval.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Key, Translator } from "../i18n/index.js";
import { fieldName } from "../review/words.js";
import { INTERVAL, directionOf, policyOf, savedInterval, writing, type Capabilities, type Draft } from "../settings.js";
import { POLICIES, type AutoSync, type ConflictPolicy, type Direction, type Kind } from "../types.js";

export interface KindSettings {
  kind: Kind;
  i18n: Translator;
  status: AutoSync;
  draft: Draft;
  can: Capabilities;
  invalid: Set<string>;
  serverErrors: Record<string, string>;
  frozen: boolean;
  onInterval: (text: string) => void;
  onDirection: (direction: Direction) => void;
  onPolicy: (policy: ConflictPolicy) => void;
}

/** The paths that the server's complaints may name and that are shown here. */
export function kindPaths(kind: Kind): string[] {
  return [`intervals.${kind}`, `direction.${kind}`, policyPath(kind)];
}

export function policyPath(kind: Kind): string {
  return `conflictPolicy.${kind}.default`;
}

export function renderKindSettings(card: KindSettings): TemplateResult {
  const { kind, i18n, draft, status } = card;
  const direction = directionOf(draft, status, kind);
  const offered = card.can.direction[kind];
  const policy = policyOf(draft, status, kind);
  return html`
    <div class="settings">
      ${renderSelect(card, {
        path: `direction.${kind}`, label: "kind.direction", value: direction,
        options: (offered.includes(direction) ? offered : [direction, ...offered]).map((d) => [d, i18n.t(`direction.${d}`)]),
        help: directionHelp(card),
        change: (value) => card.onDirection(value as Direction),
      })}
      ${renderInterval(card)}
      ${policy === null ? nothing : renderSelect(card, {
        path: policyPath(kind), label: "kind.policy", value: policy,
        options: POLICIES.map((p) => [p, i18n.t(`policy.${p}`)]),
        help: policyHelp(card, policy),
        change: (value) => card.onPolicy(value as ConflictPolicy),
      })}
    </div>`;
}

function directionHelp({ i18n, draft, status, kind }: KindSettings): string {
  const does = writing(draft, status, kind);
  if (does === "no") return "";
  if (does === "protected") return i18n.t("kind.direction.protected");
  return i18n.t(kind === "products" ? "kind.direction.writes.products" : "kind.direction.writes");
}

function policyHelp({ i18n, status, kind }: KindSettings, policy: ConflictPolicy): string {
  const key: Key = policy === "manual" || policy === "newest_wins" ? `kind.policy.${policy}` : "kind.policy.wins";
  const own = Object.entries(status.config?.conflictPolicy?.[kind]?.fields ?? {})
    .map(([field, rule]) => `${fieldName(i18n, field)} – ${i18n.t(`policy.${rule}`)}`);
  return own.length === 0 ? i18n.t(key) : `${i18n.t(key)} ${i18n.t("kind.policy.fields", { rules: own.join(", ") })}`;
}

interface Select {
  path: string;
  label: Key;
  value: string;
  options: [string, string][];
  help: string;
  change: (value: string) => void;
}

function renderSelect(card: KindSettings, { path, label, value, options, help, change }: Select): TemplateResult {
  const error = card.serverErrors[path] ?? "";
  return html`
    <div class="field ${label === "kind.policy" ? "whole" : ""}">
      <label for=${path}>${card.i18n.t(label)}</label>
      <select id=${path} name=${path} ?disabled=${card.frozen}
        aria-invalid=${error !== ""} aria-describedby="${path}-error ${path}-help"
        .value=${live(value)} @change=${(e: Event) => change((e.target as HTMLSelectElement).value)}>
        ${options.map(([option, text]) => html`<option value=${option} ?selected=${option === value}>${text}</option>`)}
      </select>
      <span class="error-text" id="${path}-error">${error}</span>
      <span class="help" id="${path}-help" role="status">${help}</span>
    </div>`;
}

function renderInterval(card: KindSettings): TemplateResult {
  const { kind, i18n, draft, status } = card;
  const interval = draft.intervals[kind] ?? String(savedInterval(status, kind));
  const path = `intervals.${kind}`;
  const error = card.invalid.has(path) ? i18n.t("kind.interval.invalid", INTERVAL) : (card.serverErrors[path] ?? "");
  return html`
    <div class="field">
      <label for=${path}>${i18n.t("kind.interval")}</label>
      <div class="with-unit">
        <input id=${path} name=${path} type="text" inputmode="numeric" autocomplete="off" ?disabled=${card.frozen}
          aria-invalid=${error !== ""} aria-describedby="${path}-unit ${path}-error"
          .value=${live(interval)}
          @input=${(e: InputEvent) => card.onInterval((e.target as HTMLInputElement).value)}>
        <span class="muted" id="${path}-unit">${i18n.t("kind.interval.unit")}</span>
      </div>
      <span class="error-text" id="${path}-error" role="status">${error}</span>
    </div>`;
}
