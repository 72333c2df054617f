// <metakocka-autosync-logs>: the journal, filtered, newest first.
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { MkElement } from "../element.js";
import { keepingFocus } from "../focus.js";
import { shared } from "../styles.js";
import { KINDS, type LogItem } from "../types.js";
import { NO_FILTERS, isFiltered, rangeIsBackwards, toQuery, type Filters } from "./filters.js";

const PAGE = 50;
const TYPING_PAUSE = 300;
const LEVELS = ["debug", "info", "warning", "error"] as const;
const LEVEL_TONE = { debug: "off", info: "busy", warning: "warn", error: "bad" } as const;

@customElement("metakocka-autosync-logs")
export class AutoSyncLogs extends MkElement {
  @state() private filters: Filters = { ...NO_FILTERS };
  @state() private items: LogItem[] = [];
  @state() private next: string | null = null;
  @state() private loading: "first" | "more" | null = null;
  @state() private failure: unknown = null;
  @state() private loaded = false;

  private request: AbortController | null = null;
  private typing: ReturnType<typeof setTimeout> | undefined;
  private readonly operations = new Set<string>();

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load("first");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.typing);
    this.request?.abort();
    this.loading = null;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("base") && changed.get("base") !== undefined) void this.load("first");
  }

  private async load(which: "first" | "more"): Promise<void> {
    if (which === "more" && (this.loading || this.next === null)) return;
    clearTimeout(this.typing);
    this.request?.abort();
    this.failure = null;
    if (rangeIsBackwards(this.filters)) {
      this.loading = null;
      return;
    }
    const request = new AbortController();
    this.request = request;
    this.loading = which;
    try {
      const page = await this.api.logs(
        { ...toQuery(this.filters), limit: PAGE, before: which === "more" ? this.next : null }, request.signal);
      if (this.request !== request) return;
      this.items = which === "more" ? [...this.items, ...page.items] : page.items;
      this.next = page.next ?? null;
      this.loaded = true;
      for (const item of page.items) if (item.operation) this.operations.add(item.operation);
    } catch (error) {
      if (this.request !== request) return;
      this.failure = error;
    }
    this.loading = null;
  }

  private set(change: Partial<Filters>, when: "now" | "typing"): void {
    this.filters = { ...this.filters, ...change };
    clearTimeout(this.typing);
    if (when === "now") void this.load("first");
    else this.typing = setTimeout(() => void this.load("first"), TYPING_PAUSE);
  }

  protected override render(): TemplateResult {
    const { i18n } = this;
    return html`
      <div class="root" lang=${i18n.language}>
        <section class="card" aria-labelledby="logs-title">
          <div class="row between">
            <h2 id="logs-title">${i18n.t("logs.title")}</h2>
            <div class="row wide-on-phone" title=${i18n.t("logs.export.help")}>
              ${this.renderExport("csv")}${this.renderExport("jsonl")}
            </div>
          </div>
          ${this.renderFilters()}
        </section>
        <section class="card list" aria-label=${i18n.t("logs.list")} aria-busy=${this.loading !== null}>
          <div class="row between">
            <p class="small muted" role="status">${this.renderStatus()}</p>
            <button type="button" data-action="refresh" ?disabled=${this.loading !== null}
              @click=${() => void keepingFocus(this, () => this.load("first"))}>${i18n.t("logs.refresh")}</button>
          </div>
          ${this.failure ? this.renderFailure(this.failure, false, () => void this.load("first")) : nothing}
          ${this.items.length > 0 ? html`
            <ol role="list" class="entries">${repeat(this.items, (item) => item.id, (item) => this.renderItem(item))}</ol>` : nothing}
          ${this.next !== null && this.items.length > 0 ? html`
            <div class="row wide-on-phone">
              <button type="button" data-action="more" ?disabled=${this.loading !== null} aria-busy=${this.loading === "more"}
                @click=${() => void keepingFocus(this, () => this.load("more"), '[data-action="refresh"]')}>${i18n.t(this.loading === "more" ? "logs.moreLoading" : "logs.more")}</button>
            </div>` : nothing}
        </section>
      </div>`;
  }

  private renderStatus(): string {
    const { i18n } = this;
    if (rangeIsBackwards(this.filters)) return i18n.t("logs.range");
    if (!this.loaded) return this.failure ? "" : i18n.t("common.loading");
    if (this.items.length === 0) return i18n.t(isFiltered(this.filters) ? "logs.empty.filtered" : "logs.empty");
    return i18n.n(this.next === null ? "logs.shown.all" : "logs.shown", this.items.length);
  }

  private renderExport(format: "csv" | "jsonl"): TemplateResult {
    const href = this.api.url("/logs/export", { format, ...toQuery(this.filters) });
    return html`<a class="button" data-export=${format} href=${href} download>${this.i18n.t(`logs.${format}`)}</a>`;
  }

  private renderFilters(): TemplateResult {
    const { i18n, filters } = this;
    const backwards = rangeIsBackwards(filters);
    const value = (e: Event): string => (e.target as HTMLInputElement).value;
    return html`
      <form class="filters" role="search" aria-label=${i18n.t("logs.filters")} novalidate autocomplete="off"
        @submit=${(e: Event) => { e.preventDefault(); void this.load("first"); }}>
        <div class="field">
          <label for="type">${i18n.t("logs.kind")}</label>
          <select id="type" name="type" .value=${live(filters.type)} @change=${(e: Event) => this.set({ type: value(e) }, "now")}>
            <option value="">${i18n.t("logs.all")}</option>
            ${KINDS.map((kind) => html`<option value=${kind}>${i18n.t(`kind.${kind}`)}</option>`)}
          </select>
        </div>
        <div class="field">
          <label for="level">${i18n.t("logs.level")}</label>
          <select id="level" name="level" .value=${live(filters.level)} @change=${(e: Event) => this.set({ level: value(e) }, "now")}>
            <option value="">${i18n.t("logs.all")}</option>
            ${LEVELS.map((level) => html`<option value=${level}>${i18n.t(`level.${level}`)}</option>`)}
          </select>
        </div>
        <div class="field">
          <label for="operation">${i18n.t("logs.operation")}</label>
          <input id="operation" name="operation" type="text" list="operations" autocomplete="off" spellcheck="false"
            .value=${live(filters.operation)} @input=${(e: Event) => this.set({ operation: value(e) }, "typing")}>
          <datalist id="operations">${[...this.operations].sort().map((name) => html`<option value=${name}></option>`)}</datalist>
        </div>
        <div class="field">
          <label for="run">${i18n.t("logs.run")}</label>
          <input id="run" name="run" type="text" autocomplete="off" spellcheck="false"
            .value=${live(filters.run)} @input=${(e: Event) => this.set({ run: value(e) }, "typing")}>
        </div>
        <div class="field when">
          <label for="from">${i18n.t("logs.from")}</label>
          <input id="from" name="from" type="datetime-local" aria-invalid=${backwards}
            .value=${live(filters.from)} @change=${(e: Event) => this.set({ from: value(e) }, "now")}>
        </div>
        <div class="field when">
          <label for="to">${i18n.t("logs.to")}</label>
          <input id="to" name="to" type="datetime-local" aria-invalid=${backwards} aria-describedby="range-error"
            .value=${live(filters.to)} @change=${(e: Event) => this.set({ to: value(e) }, "now")}>
          <span class="error-text" id="range-error">${backwards ? i18n.t("logs.range") : ""}</span>
        </div>
        <div class="field text">
          <label for="q">${i18n.t("logs.text")}</label>
          <input id="q" name="q" type="search" autocomplete="off"
            .value=${live(filters.q)} @input=${(e: Event) => this.set({ q: value(e) }, "typing")}>
        </div>
        <div class="field clear">
          <button type="button" data-action="clear" ?disabled=${!isFiltered(filters)}
            @click=${() => this.set({ ...NO_FILTERS }, "now")}>${i18n.t("logs.clear")}</button>
        </div>
      </form>`;
  }

  private renderItem(item: LogItem): TemplateResult {
    const { i18n } = this;
    return html`
      <li class="entry" data-id=${item.id} data-level=${item.level}>
        <time class="small nums" datetime=${item.at}>${i18n.exactMoment(item.at)}</time>
        <span class="pill ${LEVEL_TONE[item.level] ?? "off"}">${i18n.t(`level.${item.level}`)}</span>
        <div class="what">
          <p class="message">${item.message}</p>
          <div class="row small muted meta">
            ${item.type ? html`<span>${i18n.t(`kind.${item.type}`)}</span>` : nothing}
            ${item.operation ? html`<span><code>${item.operation}</code></span>` : nothing}
            ${item.run ? html`
              <button type="button" class="plain link" aria-label=${i18n.t("logs.runOf", { run: item.run })}
                @click=${() => this.set({ run: item.run ?? "" }, "now")}>${i18n.t("logs.run")} ${item.run}</button>` : nothing}
          </div>
          ${item.details === undefined || item.details === null ? nothing : html`
            <details><summary class="small">${i18n.t("logs.details")}</summary>
              <pre tabindex="0" aria-label=${i18n.t("logs.details")}>${typeof item.details === "string" ? item.details : JSON.stringify(item.details, null, 2)}</pre>
            </details>`}
        </div>
      </li>`;
  }

  static override styles = [shared, css`
    .filters { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 0.875rem 1rem; align-items: start; }
    .filters .clear { padding-top: 1.5625rem; justify-items: start; }
    .entries { display: grid; }
    .entry { display: grid; grid-template-columns: 11.5rem 8.5rem minmax(0, 1fr); gap: 0.25rem 0.75rem; align-items: start;
      padding: 0.75rem 0; border-top: 1px solid var(--_line); }
    .entry > time { padding-top: 0.125rem; color: var(--_muted); }
    .entry .pill { justify-self: start; }
    .what { display: grid; gap: 0.25rem; min-width: 0; }
    .message { max-width: none; white-space: pre-wrap; }
    .meta { gap: 0.125rem 1rem; }
    .meta > * { overflow-wrap: anywhere; }
    code { font: 0.8125rem ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; }
    button.link { min-height: 1.5rem; padding: 0; border-radius: 0.25rem; font-weight: 500; text-decoration: underline;
      text-underline-offset: 0.15em; overflow-wrap: anywhere; text-align: start; }
    button.link:hover { background: none; }
    details summary { color: var(--_muted); width: max-content; max-width: 100%; min-height: 1.5rem; }
    details > pre { margin: 0.25rem 0 0; }
    pre { font: 0.8125rem/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; background: var(--_sunken);
      border: 1px solid var(--_line); border-radius: 0.5rem; padding: 0.625rem 0.75rem; overflow: auto; max-height: 20rem; }

    @container panel (max-width: 50rem) {
      .filters { grid-template-columns: repeat(2, minmax(0, 1fr)); }
      .entry { grid-template-columns: minmax(0, 1fr) auto; }
      .what { grid-column: 1 / -1; }
    }
    @container panel (max-width: 26rem) {
      .filters :is(.when, .text, .clear) { grid-column: 1 / -1; }
      .filters .clear { padding-top: 0; }
    }
  `];
}
