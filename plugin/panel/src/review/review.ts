// "Waiting for you": the conflicts a person decides and the records set aside.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { ApiError, type Api } from "../api.js";
import { activeIn, keepingFocus, type FocusHost } from "../focus.js";
import type { Translator } from "../i18n/index.js";
import type { AutoSync, Conflict, Quarantined, Side } from "../types.js";
import { renderConflict, titleOf } from "./conflict-item.js";
import { signature, waiting, withChoice } from "./decisions.js";
import { nameOf, renderQuarantined } from "./quarantine-item.js";
import { WaitingList } from "./waiting-list.js";

export interface ReviewHost extends FocusHost {
  readonly api: Api;
  readonly i18n: Translator;
  requestUpdate(): void;
  announce(text: string): void;
  failureText(error: unknown, changing: boolean): string;
  /** A run was started: the status will have changed. */
  runStarted(): void;
}

/** Where the focus goes when the item that had it is gone. */
const FALLBACKS = ["#review-title", '[data-action="sync-all"]'];

function buttonOf(conflict: string): string {
  return `[data-conflict="${conflict}"] button:enabled`;
}

export class ReviewSection {
  private readonly conflicts = new WaitingList<Conflict>((query) => this.host.api.conflicts(query));
  private readonly quarantined = new WaitingList<Quarantined>((query) => this.host.api.quarantine(query));
  private readonly working = new Set<string>();
  private status: AutoSync | null = null;
  private seen = "";
  private failure: { error: unknown; changing: boolean } | null = null;

  constructor(private readonly host: ReviewHost) {}

  /** Reads the lists again when the status says that they may be others now. */
  follow(status: AutoSync): void {
    const now = signature(status);
    this.status = status;
    if (now === this.seen) return;
    this.seen = now;
    if (this.failure && isStale(this.failure.error)) this.failure = null;
    const conflict = activeIn(this.host)?.closest<HTMLElement>("[data-conflict]")?.dataset["conflict"];
    void keepingFocus(this.host, () => this.load(), ...(conflict ? [buttonOf(conflict)] : []), ...FALLBACKS);
  }

  private async load(): Promise<void> {
    const { seen } = this;
    try {
      await Promise.all([this.reload(this.conflicts, "conflicts"), this.reload(this.quarantined, "quarantined")]);
      if (this.failure?.changing === false) this.failure = null;
    } catch (error) {
      this.failure = { error, changing: false };
      if (this.seen === seen) this.seen = ""; // the next status tries again
    }
    this.host.requestUpdate();
  }

  private async reload(list: WaitingList<Conflict> | WaitingList<Quarantined>, what: "conflicts" | "quarantined"): Promise<void> {
    if (this.status === null || waiting(this.status, what) === 0) list.clear();
    else await list.refresh();
  }

  /** One request at a time for each name. */
  private async work(name: string, request: () => Promise<void>): Promise<void> {
    if (this.working.has(name)) return;
    this.working.add(name);
    this.failure = null;
    this.host.requestUpdate();
    try {
      await request();
    } catch (error) {
      this.failure = { error, changing: true };
      if (isStale(error)) await this.load();
    } finally {
      this.working.delete(name);
      this.host.requestUpdate();
    }
  }

  private async decide(conflict: Conflict, side: Side, field?: string): Promise<void> {
    const resolution = field === undefined ? side : withChoice(conflict, field, side);
    await this.work(conflict.id, async () => {
      const decided = await this.host.api.decide(conflict.id, resolution);
      this.conflicts.replace(decided ?? { ...conflict, resolution });
      this.host.announce(this.host.i18n.t("review.announce.decided", { what: titleOf(this.host.i18n, conflict) }));
      this.host.runStarted();
    });
  }

  private async retry(record: Quarantined): Promise<void> {
    await this.work(record.id, async () => {
      await this.host.api.retry(record.id);
      this.host.announce(this.host.i18n.t("review.announce.retried", { what: nameOf(this.host.i18n, record) }));
      this.host.runStarted();
    });
  }

  render(): TemplateResult | typeof nothing {
    const { i18n } = this.host;
    const { conflicts, quarantined } = this;
    if (conflicts.items.length === 0 && quarantined.items.length === 0 && !this.failure) return nothing;
    return html`
      <section class="card review" aria-labelledby="review-title" data-section="review">
        <h2 id="review-title" tabindex="-1">${i18n.t("review.title")}</h2>
        ${this.renderFailure()}
        ${this.renderList("conflicts", conflicts, (conflict) => renderConflict({
          conflict, i18n,
          busy: this.working.has(conflict.id),
          onDecide: (side, field) => void keepingFocus(this.host, () => this.decide(conflict, side, field),
            buttonOf(conflict.id), ...FALLBACKS),
        }))}
        ${this.renderList("quarantined", quarantined, (record) => renderQuarantined({
          record, i18n,
          busy: this.working.has(record.id),
          onRetry: () => void keepingFocus(this.host, () => this.retry(record), ...FALLBACKS),
        }))}
      </section>`;
  }

  private renderList<T extends { id: string }>(
    what: "conflicts" | "quarantined", list: WaitingList<T>, item: (value: T) => TemplateResult,
  ): TemplateResult | typeof nothing {
    const { i18n } = this.host;
    if (list.items.length === 0) return nothing;
    const more = `more:${what}`;
    const count = this.status ? waiting(this.status, what) : 0;
    return html`
      <div class="stack waiting">
        <h3 id="review-${what}">${i18n.t(`review.${what}`)} <span class="muted nums">(${i18n.number(Math.max(count, list.items.length))})</span></h3>
        <p class="help">${i18n.t(`review.${what}.help`)}</p>
        <ul aria-labelledby="review-${what}">${repeat(list.items, ({ id }) => id, item)}</ul>
        ${list.next === null ? nothing : html`
          <div><button type="button" data-action=${more} aria-label=${i18n.t(`review.more.${what}`)}
            ?disabled=${this.working.has(more)} aria-busy=${this.working.has(more)}
            @click=${() => void keepingFocus(this.host, () => this.work(more, async () => { await list.more(); }), `#review-title`)}>
            ${i18n.t("review.more")}</button></div>`}
      </div>`;
  }

  private renderFailure(): TemplateResult | typeof nothing {
    if (!this.failure) return nothing;
    const { error, changing } = this.failure;
    const text = isStale(error) ? this.host.i18n.t("review.stale") : this.host.failureText(error, changing);
    return html`<div class="note ${isStale(error) ? "warn" : "bad"}" role="alert"><strong>${text}</strong></div>`;
  }
}

/** Somebody else, or a run, was faster. */
function isStale(error: unknown): boolean {
  return error instanceof ApiError && [400, 404, 409].includes(error.status);
}
