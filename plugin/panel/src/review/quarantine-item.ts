// One record that was set aside: why, since when, and another try.
import { html, type TemplateResult } from "lit";
import type { Translator } from "../i18n/index.js";
import type { Quarantined } from "../types.js";

export interface QuarantineItem {
  record: Quarantined;
  i18n: Translator;
  busy: boolean;
  onRetry: () => void;
}

export function nameOf(i18n: Translator, { type, crmId, externalId }: Quarantined): string {
  const id = crmId !== null ? i18n.t("review.id.crm", { id: crmId }) : i18n.t("review.id.metakocka", { id: externalId ?? "" });
  return `${i18n.t(`kind.${type}`)}, ${id}`;
}

export function renderQuarantined({ record, i18n, busy, onRetry }: QuarantineItem): TemplateResult {
  const name = nameOf(i18n, record);
  return html`
    <li class="waiting-item" data-quarantined=${record.id}>
      <div class="row between">
        <h4>${name}</h4>
        <span class="small muted">${i18n.t("review.since", { when: i18n.relative(record.since) })} · ${i18n.n("review.tries", record.tries)}</span>
      </div>
      <div class="row between">
        <p>${record.reason}</p>
        <button type="button" data-action="retry" aria-label=${i18n.t("review.retry.label", { what: name })}
          ?disabled=${busy} aria-busy=${busy} @click=${onRetry}>${i18n.t("common.retry")}</button>
      </div>
    </li>`;
}
