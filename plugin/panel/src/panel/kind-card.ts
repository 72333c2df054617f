// One record kind: how it stands, what its last run did, its settings and its buttons.
import { html, nothing, type TemplateResult } from "lit";
import type { Translator } from "../i18n/index.js";
import { isBusy, readProblem, readProgress, type Tone } from "../status.js";
import { COUNTS, TEST_REASONS, type Coverage, type Count, type Kind, type KindState, type KindStatus, type Run, type RunState } from "../types.js";
import { renderKindSettings, type KindSettings } from "./kind-settings.js";

const STATE_TONE: Record<KindState, Tone> = {
  off: "off", idle: "ok", queued: "busy", running: "busy", backing_off: "warn", paused: "warn",
};

const RUN_TONE: Record<RunState, Tone> = {
  queued: "busy", running: "busy", succeeded: "ok", partial: "warn", failed: "bad", cancelled: "off", held: "warn",
};

const COUNT_TONE: Partial<Record<Count, Tone>> = { conflicts: "warn", quarantined: "warn" };

export interface KindCard extends KindSettings {
  /** "sync", "full" or null: the request of this card under way. */
  requesting: "sync" | "full" | null;
  canRun: boolean;
  onRun: (mode: "sync" | "full") => void;
}

export function renderKindCard(card: KindCard): TemplateResult {
  const { kind, i18n } = card;
  const status: KindStatus = card.status.types?.[kind] ?? { state: "off" };
  const run = status.lastRun ?? null;
  const name = i18n.t(`kind.${kind}`);
  const busy = isBusy(status);
  return html`
    <section class="card kind" data-kind=${kind} data-state=${status.state} data-run=${run?.id ?? ""} aria-labelledby="kind-${kind}">
      <div class="row between">
        <h3 id="kind-${kind}">${name}</h3>
        ${run?.state === "held" && (status.state === "idle" || status.state === "off")
          ? html`<span class="pill warn">${i18n.t("run.held")}</span>`
          : html`<span class="pill ${STATE_TONE[status.state] ?? "off"}">${i18n.t(`state.${status.state}`)}</span>`}
      </div>
      ${busy ? renderProgress(i18n, name, status) : nothing}
      <dl class="times">
        <div>
          <dt>${i18n.t("kind.lastRun")}</dt>
          <dd>${renderLastRun(i18n, run)}</dd>
        </div>
        <div>
          <dt>${i18n.t("kind.lastSuccess")}</dt>
          <dd>${status.lastSuccessAt ? renderTime(i18n, status.lastSuccessAt) : html`<span class="muted">${i18n.t("common.never")}</span>`}</dd>
        </div>
        <div>
          <dt>${i18n.t("kind.nextRun")}</dt>
          <dd>${renderNextRun(i18n, card.status.enabled, status)}</dd>
        </div>
      </dl>
      ${renderAttention(card, status, run)}
      ${renderCounts(i18n, kind, status, run)}
      ${renderCoverage(i18n, status.coverage)}
      ${renderKindSettings(card)}
      <div class="row wide-on-phone actions">
        <button type="button" data-action="sync" aria-label=${i18n.t("kind.sync.label", { kind: name })}
          ?disabled=${!card.canRun || busy || card.requesting !== null} aria-busy=${card.requesting === "sync"}
          @click=${() => card.onRun("sync")}>${i18n.t("kind.sync")}</button>
        <button type="button" data-action="full" class="plain" aria-label=${i18n.t("kind.full.label", { kind: name })}
          title=${i18n.t("kind.full.help")}
          ?disabled=${!card.canRun || busy || card.requesting !== null} aria-busy=${card.requesting === "full"}
          @click=${() => card.onRun("full")}>${i18n.t("kind.full")}</button>
      </div>
    </section>`;
}

export function renderTime(i18n: Translator, iso: string): TemplateResult {
  return html`<time datetime=${iso} title=${i18n.exactMoment(iso)}>${i18n.relative(iso)}</time>`;
}

function renderLastRun(i18n: Translator, run: Run | null): TemplateResult {
  if (!run) return html`<span class="muted">${i18n.t("common.never")}</span>`;
  const at = run.finishedAt ?? run.startedAt;
  return html`${at ? renderTime(i18n, at) : nothing}
    <span class="verdict-text ${RUN_TONE[run.state] ?? "off"}" data-run-state=${run.state}>${i18n.t(`run.${run.state}`)}</span>`;
}

function renderNextRun(i18n: Translator, enabled: boolean, status: KindStatus): TemplateResult {
  if (status.state === "running") return html`${i18n.t("kind.next.running")}`;
  if (status.state === "queued") return html`${i18n.t("kind.next.queued")}`;
  if (status.nextRunAt) {
    return Date.parse(status.nextRunAt) <= Date.now()
      ? html`${i18n.t("common.now")}` : renderTime(i18n, status.nextRunAt);
  }
  return html`<span class="muted">${i18n.t(enabled ? "kind.next.unknown" : "kind.next.off")}</span>`;
}

function renderProgress(i18n: Translator, name: string, status: KindStatus): TemplateResult {
  const { done, total, fraction } = readProgress(status.progress);
  const text =
    done !== null && total !== null ? i18n.t("kind.progress.of", { done, total })
    : done !== null && done > 0 ? i18n.n("kind.progress.done", done)
    : fraction !== null ? i18n.percent(fraction * 100)
    : i18n.t(status.state === "queued" ? "kind.next.queued" : "kind.progress.start");
  return html`
    <div class="stack">
      ${fraction === null
        ? html`<progress aria-label=${i18n.t("kind.progress", { kind: name })}></progress>`
        : html`<progress aria-label=${i18n.t("kind.progress", { kind: name })} max="1" .value=${fraction}></progress>`}
      <span class="small muted nums">${text}</span>
    </div>`;
}

function renderCounts(i18n: Translator, kind: Kind, status: KindStatus, run: Run | null): TemplateResult {
  const counts = run?.counts;
  if (!counts) return html`<p class="muted small">${i18n.t("kind.noRun")}</p>`;
  const running = run.state === "running" || run.state === "queued";
  return html`
    <div class="stack">
      <h4 id="counts-${kind}" class="muted">${i18n.t(running ? "kind.countsNow" : "kind.lastCounts")}</h4>
      <dl class="counts" aria-labelledby="counts-${kind}">
        ${COUNTS.map((name) => {
          const value = counts[name] ?? 0;
          const tone = value > 0 ? (COUNT_TONE[name] ?? "") : "zero";
          return html`
            <div class="count ${tone}" title=${i18n.t(`count.${name}.help`)}>
              <dt>${i18n.t(`count.${name}`)}</dt>
              <dd><data value=${value} data-count=${name}>${i18n.number(value)}</data></dd>
            </div>`;
        })}
      </dl>
      ${status.linked !== undefined ? html`
        <p class="small muted nums">
          ${i18n.t("kind.linked")}: <data value=${status.linked} data-figure="linked">${i18n.number(status.linked)}</data>
          ${status.inactive !== undefined ? html`·
            ${i18n.t("kind.inactive")}: <data value=${status.inactive} data-figure="inactive">${i18n.number(status.inactive)}</data>` : nothing}
        </p>` : nothing}
    </div>`;
}

function renderAttention(card: KindCard, status: KindStatus, run: Run | null): TemplateResult {
  const { i18n } = card;
  // Records that were set aside are told of below, in the user's language.
  const problem = run && run.state !== "held" && run.errorKind !== "quarantine" ? readProblem(run.error) : null;
  const known = (card.status.errors ?? []).map(readProblem)
    .find((p) => p?.kind === card.kind);
  const reason = TEST_REASONS.find((r) => r === known?.reason);
  const guard = card.status.config?.deleteGuard;
  return html`
    ${run?.state === "held" ? html`
      <div class="note warn" data-note="held">
        <strong>${i18n.t("kind.held")}</strong>
        ${guard?.maxPercent !== undefined && guard.maxRecords !== undefined ? html`
          <span>${i18n.t("kind.held.guard", {
            percent: i18n.percent(guard.maxPercent),
            records: i18n.n("kind.held.records", guard.maxRecords),
          })}</span>` : nothing}
        <span>${i18n.t("kind.held.next")}</span>
      </div>` : nothing}
    ${problem ? html`
      <div class="note ${run?.state === "failed" ? "bad" : "warn"}" data-note="error">
        <strong>${i18n.t("kind.error")}</strong>
        <span class="wrap">${reason ? html`${i18n.t(`test.${reason}`)} ${i18n.t(`test.${reason}.next`)}` : problem.message}</span>
      </div>` : nothing}
    ${status.conflicts || status.quarantined ? html`
      <div class="note warn" data-note="records">
        ${status.conflicts ? html`<span>${i18n.n("kind.attention.conflicts", status.conflicts)}</span>` : nothing}
        ${status.quarantined ? html`<span>${i18n.n("kind.attention.quarantined", status.quarantined)}</span>` : nothing}
      </div>` : nothing}`;
}

function renderCoverage(i18n: Translator, coverage: Coverage | null | undefined): TemplateResult | typeof nothing {
  if (!coverage) return nothing;
  const { found, byDocuments, byLookup, bySweep } = coverage;
  const parts = byDocuments !== undefined && byLookup !== undefined && bySweep !== undefined
    ? i18n.t("coverage.parts", { documents: byDocuments, lookup: byLookup, sweep: bySweep }) : "";
  const foundText = found === undefined ? "" : i18n.n("coverage.found", found);
  const line = foundText && parts ? `${foundText}: ${parts}.` : foundText ? `${foundText}.` : parts ? `${parts}.` : "";
  const rest = coverage.complete === false ? i18n.t("coverage.partial") : (coverage.note ?? "");
  return html`<p class="small muted" data-coverage>${line} ${rest}</p>`;
}
