// "More options": what holds for all kinds.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Key, Translator } from "../i18n/index.js";
import { PERCENT, RECORDS, isOn, type Capabilities, type Draft, type DraftCheck, type Switch } from "../settings.js";
import type { AutoSync } from "../types.js";

export interface Options {
  i18n: Translator;
  status: AutoSync;
  draft: Draft;
  can: Capabilities;
  check: DraftCheck;
  serverErrors: Record<string, string>;
  frozen: boolean;
  /** What the webhooks' switch tells besides; it depends on whether they are on. */
  webhookHelp: (on: boolean) => TemplateResult;
  onEdit: (change: Partial<Draft>, path: string) => void;
}

const KEYS = {
  realTimeEnabled: "settings.realTime", webhooksEnabled: "settings.webhooks", writeProtection: "settings.writeProtection",
} as const satisfies Record<Switch, Key>;

/** The paths that the server's complaints may name and that are shown here. */
export function optionPaths(status: AutoSync): string[] {
  return [...Object.keys(KEYS), ...(status.config?.deleteGuard ? ["deleteGuard.maxPercent", "deleteGuard.maxRecords"] : [])];
}

export function renderOptions(view: Options): TemplateResult {
  const { i18n, can } = view;
  const guard = view.status.config?.deleteGuard;
  const writesProducts = can.direction.products.some((direction) => direction !== "metakocka_to_crm");
  return html`
    <section class="card" aria-labelledby="more-title">
      <h3 id="more-title">${i18n.t("settings.more")}</h3>
      <div class="options">
        <div class="stack">
          ${renderSwitch(view, "realTimeEnabled", can.realTime)}
          ${renderSwitch(view, "webhooksEnabled", can.webhooks)}
        </div>
        <div class="stack">
          ${writesProducts ? renderSwitch(view, "writeProtection", true) : nothing}
          ${guard ? html`
            <fieldset class="stack">
              <legend>${i18n.t("settings.guard")}</legend>
              <p class="help">${i18n.t("settings.guard.help")}</p>
              <div class="settings">
                ${renderGuard(view, "maxPercent", "settings.guard.percent", guard.maxPercent, PERCENT, "%")}
                ${renderGuard(view, "maxRecords", "settings.guard.records", guard.maxRecords, RECORDS, "")}
              </div>
            </fieldset>` : nothing}
        </div>
      </div>
    </section>`;
}

function renderSwitch(view: Options, name: Switch, available: boolean): TemplateResult {
  const { i18n } = view;
  const key = KEYS[name];
  // What is not available does nothing, whatever its stored setting says.
  const on = available && isOn(view.draft, view.status, name);
  const error = view.serverErrors[name] ?? "";
  return html`
    <div class="option">
      <input id=${name} name=${name} type="checkbox" role="switch"
        ?disabled=${!available || view.frozen} aria-describedby="${name}-help"
        .checked=${live(on)}
        @change=${(e: Event) => view.onEdit({ [name]: (e.target as HTMLInputElement).checked }, name)}>
      <div class="stack">
        <label for=${name}>${i18n.t(key)}</label>
        <span class="help" id="${name}-help">${i18n.t(`${key}.help`)} ${available ? nothing : html`<em>${i18n.t("settings.notYet")}</em>`}</span>
        ${name === "webhooksEnabled" && available ? view.webhookHelp(on) : nothing}
        ${error ? html`<span class="error-text">${error}</span>` : nothing}
      </div>
    </div>`;
}

function renderGuard(
  view: Options, name: "maxPercent" | "maxRecords", key: "settings.guard.percent" | "settings.guard.records",
  saved: number | undefined, range: { min: number; max: number }, unit: string,
): TemplateResult {
  const { i18n } = view;
  const path = `deleteGuard.${name}`;
  const error = view.check.invalid.has(path) ? i18n.t("settings.guard.invalid", range) : (view.serverErrors[path] ?? "");
  return html`
    <div class="field">
      <label for=${path}>${i18n.t(key)}</label>
      <div class="with-unit">
        <input id=${path} name=${path} type="text" inputmode="numeric" autocomplete="off" ?disabled=${view.frozen}
          aria-invalid=${error !== ""} aria-describedby="${path}-error"
          .value=${live(view.draft[name] ?? String(saved ?? ""))}
          @input=${(e: InputEvent) => view.onEdit({ [name]: (e.target as HTMLInputElement).value }, path)}>
        ${unit ? html`<span class="muted" aria-hidden="true">${unit}</span>` : nothing}
      </div>
      <span class="error-text" id="${path}-error" role="status">${error}</span>
    </div>`;
}
