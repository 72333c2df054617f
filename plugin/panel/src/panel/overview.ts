// The head of the panel: the switch, how all is, and what is written to Metakocka.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Translator } from "../i18n/index.js";
import { emptyDraft, writing } from "../settings.js";
import { VERDICT_TONE, activeTimers, isBusy, readProblem, verdict } from "../status.js";
import { KINDS, TEST_REASONS, type AutoSync } from "../types.js";
import { renderTime } from "./kind-card.js";

export interface Overview {
  i18n: Translator;
  status: AutoSync;
  /** Whether there are credentials. */
  usable: boolean;
  /** Where the switch is being moved to, if it is. */
  switching: boolean | null;
  runningAll: boolean;
  logsHref: string;
  failure: TemplateResult | typeof nothing;
  onSwitch: (event: Event) => void;
  onRunAll: () => void;
}

export function renderOverview(view: Overview): TemplateResult {
  const { i18n, status, usable } = view;
  const says = verdict(status);
  const timers = activeTimers(status).map((kind) => i18n.t(`kind.${kind}`)).join(", ");
  const allBusy = KINDS.every((kind) => isBusy(status.types?.[kind]));
  const checkedAt = status.connection?.checkedAt;
  const on = view.switching ?? status.enabled;
  return html`
    <section class="card" aria-labelledby="auto-title">
      <div class="row between">
        <h2 id="auto-title">${i18n.t("auto.title")}</h2>
        <label class="switch" for="enabled">
          <span>${i18n.t("auto.switch")}: <span aria-hidden="true">${i18n.t(on ? "auto.switch.on" : "auto.switch.off")}</span></span>
          <input id="enabled" name="enabled" type="checkbox" role="switch"
            ?disabled=${view.switching !== null || (!usable && !status.enabled)}
            aria-label=${i18n.t("auto.switch")}
            aria-describedby=${usable ? nothing : "switch-needs"}
            .checked=${live(on)} @change=${view.onSwitch}>
        </label>
      </div>
      <div class="note ${VERDICT_TONE[says]}" data-verdict=${says}>
        <strong>${i18n.t(`verdict.${says}`)}</strong>
        ${usable ? nothing : html`<span id="switch-needs" class="visually-hidden">${i18n.t("auto.switch.needs")}</span>`}
        ${checkedAt ? html`<span class="small">${i18n.t("auto.checked", { when: i18n.relative(checkedAt) })}</span>` : nothing}
        ${status.connection?.message && status.connection.state !== "ok" && status.connection.state !== "unconfigured"
          ? html`<span class="small">${i18n.t("common.serverSays", { message: status.connection.message })}</span>` : nothing}
      </div>
      ${renderProblems(i18n, status)}
      ${view.failure}
      <div class="row between">
        <div class="stack small muted">
          <span data-timers>${i18n.t("auto.timers")}: ${timers || i18n.t("auto.timers.none")}</span>
          <span data-note="writes">${whatIsWritten(i18n, status)}</span>
        </div>
        <div class="row wide-on-phone">
          ${view.logsHref ? html`<a class="button" href=${view.logsHref}>${i18n.t("auto.logs")}</a>` : nothing}
          <button type="button" data-action="sync-all"
            ?disabled=${!usable || allBusy || view.runningAll} aria-busy=${view.runningAll}
            @click=${view.onRunAll}>${i18n.t("auto.syncAll")}</button>
        </div>
      </div>
    </section>`;
}

/** As it is saved: what is only typed in writes nothing yet. */
function whatIsWritten(i18n: Translator, status: AutoSync): string {
  const written = KINDS.filter((kind) => writing(emptyDraft(), status, kind) === "yes");
  if (written.length === 0) return i18n.t("auto.readOnly");
  return i18n.t("auto.writes", { kinds: written.map((kind) => i18n.t(`kind.${kind}`)).join(", ") });
}

function renderProblems(i18n: Translator, status: AutoSync): TemplateResult | typeof nothing {
  const problems = (status.errors ?? []).map(readProblem).filter((p) => p !== null)
    // The kind's own card says more of these two.
    .filter((p) => p.reason !== "guard" && p.reason !== "quarantine");
  if (problems.length === 0) return nothing;
  return html`
    <div class="note bad" data-note="errors">
      <strong id="problems">${i18n.t("auto.problems")}</strong>
      <ul class="problems" aria-labelledby="problems">
        ${problems.map((p) => {
          const reason = TEST_REASONS.find((r) => r === p.reason);
          return html`<li>
            ${p.kind ? html`<b>${i18n.t(`kind.${p.kind}`)}:</b>` : nothing}
            ${reason ? html`${i18n.t(`test.${reason}`)} ${i18n.t(`test.${reason}.next`)}` : p.message}
            ${p.at ? html`<span class="small">(${renderTime(i18n, p.at)})</span>` : nothing}
          </li>`;
        })}
      </ul>
    </div>`;
}
