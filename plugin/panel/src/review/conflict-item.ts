// One conflict: what both sides have, what they had, and the buttons that decide.
import { html, nothing, type TemplateResult } from "lit";
import type { Translator } from "../i18n/index.js";
import { SIDES, type Conflict, type ConflictField, type Side } from "../types.js";
import { byField, chosenSide, crmCanWin, openFields } from "./decisions.js";
import { fieldName, fieldNames, valueText } from "./words.js";

export interface ConflictItem {
  conflict: Conflict;
  i18n: Translator;
  busy: boolean;
  onDecide: (side: Side, field?: string) => void;
}

export function titleOf(i18n: Translator, { title }: Conflict): string {
  return title ?? i18n.t("review.untitled");
}

export function renderConflict(item: ConflictItem): TemplateResult {
  const { conflict, i18n } = item;
  const title = titleOf(i18n, conflict);
  return html`
    <li class="waiting-item" data-conflict=${conflict.id} data-decided=${conflict.resolution !== null} aria-labelledby="conflict-${conflict.id}">
      <div class="row between">
        <h4 id="conflict-${conflict.id}">${title}</h4>
        <span class="small muted">${i18n.t(`kind.${conflict.type}`)} · ${i18n.t("review.since", { when: i18n.relative(conflict.since) })}</span>
      </div>
      <p>${reason(i18n, conflict)}</p>
      <ul class="conflict-fields">${openFields(conflict).map((field) => renderField(item, field))}</ul>
      ${conflict.resolution === null ? nothing : html`
        <p class="note busy" role="status">${i18n.t(typeof conflict.resolution === "string"
          ? `review.decided.${conflict.resolution}` : "review.decided.fields")}</p>`}
      <div class="row wide-on-phone" role="group" aria-label=${title}>
        ${byField(conflict) ? html`<span class="small muted">${i18n.t("review.whole")}</span>` : nothing}
        ${renderTake(item, "metakocka", title)}
        ${crmCanWin(conflict) ? renderTake(item, "crm", title) : nothing}
      </div>
    </li>`;
}

function reason(i18n: Translator, conflict: Conflict): TemplateResult {
  if (conflict.what !== "fields") {
    return html`${i18n.t(`review.reason.${conflict.what}`)} <span class="muted">${i18n.t(`review.next.${conflict.what}`)}</span>`;
  }
  const open = openFields(conflict);
  const untaken = open.filter((field) => !field.metakockaTakesIt);
  const taken = open.filter((field) => field.metakockaTakesIt);
  return html`
    ${taken.length > 0 ? html`${i18n.t("review.reason.fields", { fields: fieldNames(i18n, taken) })}
      ${conflict.newer === null ? i18n.t("review.newer.unknown") : nothing}` : nothing}
    ${untaken.length > 0 ? html`${i18n.t("review.reason.untaken", { fields: fieldNames(i18n, untaken) })}
      <span class="muted">${i18n.t("review.next.untaken")}</span>` : nothing}`;
}

function renderField(item: ConflictItem, field: ConflictField): TemplateResult {
  const { conflict, i18n } = item;
  const name = fieldName(i18n, field.field);
  const chosen = chosenSide(conflict, field.field);
  const choosable = byField(conflict) && chosen === null;
  return html`
    <li class="conflict-field" data-field=${field.field}>
      <h5 id="field-${conflict.id}-${field.field}">${name}</h5>
      <dl aria-labelledby="field-${conflict.id}-${field.field}">
        <div class="base"><dt>${i18n.t("review.side.base")}</dt><dd>${renderValue(i18n, field.field, field.base)}</dd></div>
        ${SIDES.map((side) => html`
          <div class=${chosen === side ? "chosen" : ""} data-side=${side}>
            <dt>${i18n.t(`review.side.${side}`)}
              ${conflict.newer === side && conflict.what === "fields" && field.metakockaTakesIt ? html`· ${i18n.t("review.newer")}` : nothing}
              ${chosen === side ? html`· <b>${i18n.t("review.chosen")}</b>` : nothing}</dt>
            <dd>${conflict.what === `removed_in_${side}`
              ? html`<span class="muted">${i18n.t("value.removed")}</span>` : renderValue(i18n, field.field, field[side])}</dd>
            ${choosable && (side === "metakocka" || field.metakockaTakesIt)
              ? html`<dd>${renderTake(item, side, `${name}, ${titleOf(i18n, conflict)}`, field.field)}</dd>` : nothing}
          </div>`)}
      </dl>
    </li>`;
}

function renderValue(i18n: Translator, field: string, value: string | null): TemplateResult {
  return value === null
    ? html`<span class="muted">${i18n.t("value.empty")}</span>`
    : html`<span class="value">${valueText(i18n, field, value)}</span>`;
}

function renderTake({ conflict, i18n, busy, onDecide }: ConflictItem, side: Side, what: string, field?: string): TemplateResult {
  const chosen = field === undefined && conflict.resolution === side;
  return html`
    <button type="button" data-take=${side} aria-label=${i18n.t(`review.take.${side}.label`, { what })}
      ?disabled=${busy || chosen} aria-busy=${busy} @click=${() => onDecide(side, field)}>
      ${i18n.t(`review.take.${side}`)}</button>`;
}
