// <metakocka-autosync>: credentials and the Auto-Sync Control panel.
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { ApiError } from "../api.js";
import { MkElement } from "../element.js";
import { keepingFocus } from "../focus.js";
import { Poller } from "../poller.js";
import {
  PERCENT, RECORDS, RECOMMENDED, capabilities, checkDraft, emptyDraft, recommendedDraft,
  type Capabilities, type Draft, type DraftCheck,
} from "../settings.js";
import { VERDICT_TONE, activeTimers, anyBusy, isBusy, readProblem, verdict } from "../status.js";
import { shared } from "../styles.js";
import { KINDS, TEST_REASONS, type AutoSync, type Kind } from "../types.js";
import { CredentialsSection } from "./credentials.js";
import { renderKindCard, renderTime } from "./kind-card.js";
import { renderWebhookHelp, webhookAddress } from "./webhook-help.js";

const BUSY_PAUSE = 1_000;
const IDLE_PAUSE = 5_000;

@customElement("metakocka-autosync")
export class AutoSyncPanel extends MkElement {
  /** Where the host shows the logs; without it no link is shown. */
  @property({ attribute: "logs-href" }) logsHref = "";

  @state() private status: AutoSync | null = null;
  @state() private readFailure: unknown = null;
  @state() private draft: Draft = emptyDraft();
  @state() private serverErrors: Record<string, string> = {};
  @state() private working: ReadonlySet<string> = new Set();
  @state() private switching: boolean | null = null;
  @state() private outcome: { text: string; tone: "ok" | "busy" } | null = null;
  @state() private changeFailure: { area: "control" | "settings"; error: unknown } | null = null;

  private readonly credentials = new CredentialsSection(this);

  private readonly poller = new Poller<AutoSync>({
    read: (signal) => this.api.autoSync(signal),
    pause: () => {
      const stopped = this.readFailure instanceof ApiError &&
        (this.readFailure.kind === "signed_out" || this.readFailure.kind === "forbidden");
      if (stopped) return null;
      return this.readFailure === null && this.status !== null && anyBusy(this.status) ? BUSY_PAUSE : IDLE_PAUSE;
    },
    done: (status) => this.take(status),
    failed: (error) => { this.readFailure = error; },
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.poller.start();
    void this.credentials.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.poller.stop();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("base") && changed.get("base") !== undefined) {
      this.status = null;
      void this.poller.now();
      void this.credentials.load();
    }
  }

  credentialsChanged(): void {
    void this.poller.now();
  }

  private take(status: AutoSync): void {
    const before = this.status;
    const hadFailed = this.readFailure !== null;
    this.status = status;
    this.readFailure = null;
    if (hadFailed && !this.credentials.loaded) void this.credentials.load();
    if (!before) return;
    for (const kind of KINDS) {
      const run = status.types?.[kind]?.lastRun;
      if (run && isBusy(before.types?.[kind]) && !isBusy(status.types?.[kind])) {
        this.announce(this.i18n.t("kind.finished", { kind: this.i18n.t(`kind.${kind}`), state: this.i18n.t(`run.${run.state}`) }));
      }
    }
  }

  /** One change at a time per name; whatever was being read meanwhile is asked again. */
  private async change(name: string, area: "control" | "settings", request: () => Promise<unknown>): Promise<boolean> {
    if (this.working.has(name)) return false;
    this.working = new Set([...this.working, name]);
    this.changeFailure = null;
    this.outcome = null;
    this.serverErrors = {};
    this.poller.drop();
    let done = false;
    try {
      const answer = await request();
      if (typeof answer === "object" && answer !== null && "types" in answer) this.take(answer as AutoSync);
      done = true;
    } catch (error) {
      this.changeFailure = { area, error };
      if (error instanceof ApiError) {
        this.serverErrors = Object.fromEntries(error.fields.map(({ path, message }) => [path, message]));
      }
    } finally {
      this.working = new Set([...this.working].filter((w) => w !== name));
      void this.poller.now();
    }
    return done;
  }

  private async toggle(event: Event): Promise<void> {
    if (this.switching !== null) return;
    const on = (event.target as HTMLInputElement).checked;
    this.switching = on;
    const done = await this.change("switch", "control", () =>
      on ? this.api.configure({ enabled: true }) : this.api.stop());
    if (done && this.status && this.status.enabled !== on) this.status = { ...this.status, enabled: on };
    this.switching = null;
    if (done) this.announce(this.i18n.t(on ? "auto.started" : "auto.stopped"));
  }

  private async run(kinds: readonly Kind[], mode: "sync" | "full"): Promise<void> {
    const all = kinds.length > 1;
    const name = all ? "run:all" : `run:${kinds[0]}:${mode}`;
    const done = await this.change(name, "control", () => this.api.startRuns(kinds, mode));
    if (!done) return;
    this.announce(all
      ? this.i18n.t("kind.requestedAll")
      : this.i18n.t("kind.requested", { kind: this.i18n.t(`kind.${kinds[0]!}`) }));
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.status || this.working.has("save")) return;
    const { patch, changed, invalid } = checkDraft(this.draft, this.status);
    if (!changed) return;
    if (invalid.size > 0) {
      this.announce(this.i18n.t("settings.fixFirst"));
      this.renderRoot.querySelector<HTMLElement>(`[name="${[...invalid][0]}"]`)?.focus();
      return;
    }
    const sent = this.draft;
    if (await this.change("save", "settings", () => this.api.configure(patch))) {
      await this.poller.now();
      if (this.draft === sent) this.draft = emptyDraft();
      this.outcome = { text: this.i18n.t("settings.saved"), tone: "ok" };
    } else {
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('.settings-form [aria-invalid="true"]')?.focus();
    }
  }

  private recommend(): void {
    if (!this.status) return;
    this.draft = recommendedDraft(this.draft, this.status);
    this.serverErrors = {};
    this.changeFailure = null;
    const { changed } = checkDraft(this.draft, this.status);
    const parts = [this.i18n.t(changed ? "settings.recommended.done" : "settings.recommended.already")];
    const contacts = capabilities(this.status.config).direction.contacts;
    if (!contacts.includes(RECOMMENDED.direction.contacts)) parts.push(this.i18n.t("settings.recommended.contacts"));
    this.outcome = { text: parts.join(" "), tone: changed ? "busy" : "ok" };
  }

  private edit(change: Partial<Draft>, path: string): void {
    this.draft = { ...this.draft, ...change };
    this.outcome = null;
    if (path in this.serverErrors) {
      const { [path]: _, ...rest } = this.serverErrors;
      this.serverErrors = rest;
    }
  }

  protected override render(): TemplateResult {
    const { i18n } = this;
    return html`
      <div class="root" lang=${i18n.language}>
        ${this.renderLive()}
        ${this.readFailure ? this.renderFailure(this.readFailure, false, () => {
          this.readFailure = null;
          void this.poller.now();
          if (!this.credentials.loaded) void this.credentials.load();
        }) : nothing}
        ${this.credentials.render()}
        ${this.status ? this.renderControl(this.status) : this.readFailure ? nothing : html`
          <section class="card"><h2>${i18n.t("auto.title")}</h2><p class="muted">${i18n.t("common.loading")}</p></section>`}
      </div>`;
  }

  private renderControl(status: AutoSync): TemplateResult {
    const { i18n } = this;
    const can = capabilities(status.config);
    const check = checkDraft(this.draft, status);
    const usable = status.connection?.state !== "unconfigured";
    const runningAll = this.working.has("run:all");
    return html`
      ${this.renderOverview(status, usable)}
      <form class="settings-form" novalidate autocomplete="off" @submit=${(e: Event) => void keepingFocus(this, () => this.save(e), '[data-action="recommended"]')}>
        <div class="kinds">
          ${KINDS.map((kind) => renderKindCard({
            kind, i18n, status, can,
            draft: this.draft,
            invalid: check.invalid,
            serverErrors: this.serverErrors,
            requesting: this.working.has(`run:${kind}:sync`) || runningAll ? "sync" : this.working.has(`run:${kind}:full`) ? "full" : null,
            canRun: usable,
            frozen: this.working.has("save"),
            onRun: (mode) => void keepingFocus(this, () => this.run([kind], mode)),
            onInterval: (text) => this.edit({ intervals: { ...this.draft.intervals, [kind]: text } }, `intervals.${kind}`),
            onDirection: (d) => this.edit({ direction: { ...this.draft.direction, [kind]: d } }, `direction.${kind}`),
          }))}
        </div>
        ${this.renderMore(status, can, check)}
        ${this.renderSaveBar(check)}
      </form>`;
  }

  private renderOverview(status: AutoSync, usable: boolean): TemplateResult {
    const { i18n } = this;
    const says = verdict(status);
    const timers = activeTimers(status).map((kind) => i18n.t(`kind.${kind}`)).join(", ");
    const allBusy = KINDS.every((kind) => isBusy(status.types?.[kind]));
    const checkedAt = status.connection?.checkedAt;
    const on = this.switching ?? status.enabled;
    return html`
      <section class="card" aria-labelledby="auto-title">
        <div class="row between">
          <h2 id="auto-title">${i18n.t("auto.title")}</h2>
          <label class="switch" for="enabled">
            <span>${i18n.t("auto.switch")}: <span aria-hidden="true">${i18n.t(on ? "auto.switch.on" : "auto.switch.off")}</span></span>
            <input id="enabled" name="enabled" type="checkbox" role="switch"
              ?disabled=${this.switching !== null || (!usable && !status.enabled)}
              aria-label=${i18n.t("auto.switch")}
              aria-describedby=${usable ? nothing : "switch-needs"}
              .checked=${live(on)} @change=${(e: Event) => void keepingFocus(this, () => this.toggle(e))}>
          </label>
        </div>
        <div class="note ${VERDICT_TONE[says]}" data-verdict=${says}>
          <strong>${i18n.t(`verdict.${says}`)}</strong>
          ${usable ? nothing : html`<span id="switch-needs" class="visually-hidden">${i18n.t("auto.switch.needs")}</span>`}
          ${checkedAt ? html`<span class="small">${i18n.t("auto.checked", { when: i18n.relative(checkedAt) })}</span>` : nothing}
          ${status.connection?.message && status.connection.state !== "ok" && status.connection.state !== "unconfigured"
            ? html`<span class="small">${i18n.t("common.serverSays", { message: status.connection.message })}</span>` : nothing}
        </div>
        ${this.renderProblems(status)}
        ${this.changeFailure?.area === "control" ? this.renderFailure(this.changeFailure.error, true) : nothing}
        <div class="row between">
          <div class="stack small muted">
            <span data-timers>${i18n.t("auto.timers")}: ${timers || i18n.t("auto.timers.none")}</span>
            ${status.config?.writeProtection === false ? nothing : html`<span>${i18n.t("auto.readOnly")}</span>`}
          </div>
          <div class="row wide-on-phone">
            ${this.logsHref ? html`<a class="button" href=${this.logsHref}>${i18n.t("auto.logs")}</a>` : nothing}
            <button type="button" data-action="sync-all"
              ?disabled=${!usable || allBusy || this.working.has("run:all")} aria-busy=${this.working.has("run:all")}
              @click=${() => void keepingFocus(this, () => this.run(KINDS, "sync"))}>${i18n.t("auto.syncAll")}</button>
          </div>
        </div>
      </section>`;
  }

  private renderProblems(status: AutoSync): TemplateResult | typeof nothing {
    const { i18n } = this;
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

  private renderMore(status: AutoSync, can: Capabilities, check: DraftCheck): TemplateResult {
    const { i18n } = this;
    const guard = status.config?.deleteGuard;
    return html`
      <section class="card" aria-labelledby="more-title">
        <h3 id="more-title">${i18n.t("settings.more")}</h3>
        <div class="options">
          <div class="stack">
            ${this.renderOption("realTimeEnabled", "settings.realTime", can.realTime, status)}
            ${this.renderOption("webhooksEnabled", "settings.webhooks", can.webhooks, status)}
          </div>
          ${guard ? html`
            <fieldset class="stack">
              <legend>${i18n.t("settings.guard")}</legend>
              <p class="help">${i18n.t("settings.guard.help")}</p>
              <div class="settings">
                ${this.renderGuard("maxPercent", "settings.guard.percent", guard.maxPercent, PERCENT, check, "%")}
                ${this.renderGuard("maxRecords", "settings.guard.records", guard.maxRecords, RECORDS, check, "")}
              </div>
            </fieldset>` : nothing}
        </div>
      </section>`;
  }

  private renderOption(
    name: "realTimeEnabled" | "webhooksEnabled", key: "settings.realTime" | "settings.webhooks",
    available: boolean, status: AutoSync,
  ): TemplateResult {
    const { i18n } = this;
    // What is not available does nothing, whatever its stored setting says.
    const on = available && (this.draft[name] ?? status.config?.[name] ?? false);
    const error = this.serverErrors[name] ?? "";
    return html`
      <div class="option">
        <input id=${name} name=${name} type="checkbox" role="switch"
          ?disabled=${!available || this.working.has("save")} aria-describedby="${name}-help"
          .checked=${live(on)}
          @change=${(e: Event) => this.edit({ [name]: (e.target as HTMLInputElement).checked }, name)}>
        <div class="stack">
          <label for=${name}>${i18n.t(key)}</label>
          <span class="help" id="${name}-help">${i18n.t(`${key}.help`)} ${available ? nothing : html`<em>${i18n.t("settings.notYet")}</em>`}</span>
          ${name === "webhooksEnabled" && available ? renderWebhookHelp(
            i18n, webhookAddress(this.api.url("/webhook"), location.href), on, this.credentials.stored?.webhookSecret === true) : nothing}
          ${error ? html`<span class="error-text">${error}</span>` : nothing}
        </div>
      </div>`;
  }

  private renderGuard(
    name: "maxPercent" | "maxRecords", key: "settings.guard.percent" | "settings.guard.records",
    saved: number | undefined, range: { min: number; max: number }, check: DraftCheck, unit: string,
  ): TemplateResult {
    const { i18n } = this;
    const path = `deleteGuard.${name}`;
    const error = check.invalid.has(path) ? i18n.t("settings.guard.invalid", range) : (this.serverErrors[path] ?? "");
    return html`
      <div class="field">
        <label for=${path}>${i18n.t(key)}</label>
        <div class="with-unit">
          <input id=${path} name=${path} type="text" inputmode="numeric" autocomplete="off" ?disabled=${this.working.has("save")}
            aria-invalid=${error !== ""} aria-describedby="${path}-error"
            .value=${live(this.draft[name] ?? String(saved ?? ""))}
            @input=${(e: InputEvent) => this.edit({ [name]: (e.target as HTMLInputElement).value }, path)}>
          ${unit ? html`<span class="muted" aria-hidden="true">${unit}</span>` : nothing}
        </div>
        <span class="error-text" id="${path}-error" role="status">${error}</span>
      </div>`;
  }

  private renderSaveBar(check: DraftCheck): TemplateResult {
    const { i18n } = this;
    const saving = this.working.has("save");
    const shownPaths = new Set(this.renderedPaths());
    const elsewhere = Object.entries(this.serverErrors).filter(([path]) => !shownPaths.has(path));
    return html`
      <div class="card save-bar ${check.changed ? "unsaved" : ""}">
        ${this.changeFailure?.area === "settings" ? this.renderFailure(this.changeFailure.error, true) : nothing}
        ${elsewhere.map(([path, message]) => html`<p class="error-text">${path}: ${message}</p>`)}
        <div class="row between">
          <div class="row wide-on-phone">
            <button type="submit" class="primary" data-action="save" ?disabled=${saving || !check.changed} aria-busy=${saving}>
              ${i18n.t(saving ? "settings.saving" : "settings.save")}</button>
            ${check.changed ? html`
              <button type="button" class="plain" data-action="discard" ?disabled=${saving}
                @click=${() => { this.draft = emptyDraft(); this.serverErrors = {}; this.outcome = null; this.changeFailure = null; }}>
                ${i18n.t("settings.discard")}</button>` : nothing}
          </div>
          <button type="button" data-action="recommended" ?disabled=${saving} @click=${() => this.recommend()}>
            ${i18n.t("settings.recommended")}</button>
        </div>
        <div role="status" class="outcome">
          ${this.outcome ? html`<p class="note ${this.outcome.tone}">${this.outcome.text}</p>`
            : check.invalid.size > 0 ? html`<p class="small error-text">${i18n.t("settings.fixFirst")}</p>`
            : check.changed ? html`<p class="small muted">${i18n.t("settings.unsaved")}</p>` : nothing}
        </div>
      </div>`;
  }

  private renderedPaths(): string[] {
    return [
      ...KINDS.flatMap((kind) => [`intervals.${kind}`, `direction.${kind}`]),
      "realTimeEnabled", "webhooksEnabled",
      ...(this.status?.config?.deleteGuard ? ["deleteGuard.maxPercent", "deleteGuard.maxRecords"] : []),
    ];
  }

  static override styles = [shared, css`
    .form { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; max-width: 46rem; }
    .form .whole { grid-column: 1 / -1; }
    .summary { align-items: start; }
    .outcome:not(:has(*)) { display: none; }
    .facts { display: flex; flex-wrap: wrap; gap: 0.75rem 2.5rem; }
    dt { font-size: 0.8125rem; color: var(--_muted); }
    dd { overflow-wrap: anywhere; }
    .facts dd { font-weight: 600; }

    .settings-form { display: grid; gap: 1rem; }
    .settings-form :is(input, select, button) { scroll-margin-block: 1rem 10rem; }
    .kinds { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
    .kind { display: flex; flex-direction: column; }
    .kind > .settings { margin-top: auto; }
    .kind .actions { border-top: 1px solid var(--_line); padding-top: 1rem; }
    .times { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.75rem; }
    .times dd { font-weight: 550; line-height: 1.35; }
    .verdict-text { display: block; background: none; font-size: 0.8125rem; font-weight: 600; }

    .counts { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1px; background: var(--_line);
      border: 1px solid var(--_line); border-radius: 0.5rem; overflow: hidden; }
    .count { background: var(--_surface); padding: 0.5rem 0.625rem; display: flex; flex-direction: column; min-width: 0; }
    .count dt { font-size: 0.75rem; line-height: 1.35; hyphens: auto; overflow-wrap: anywhere; }
    .count dd { font-size: 1.0625rem; font-weight: 650; line-height: 1.4; font-variant-numeric: tabular-nums; }
    .count.zero dd { font-weight: 450; color: var(--_muted); }
    .count.warn dt { color: inherit; }
    .count.warn { background: var(--_warn-bg); }

    .settings { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
    .problems { list-style: disc; padding-inline-start: 1.125rem; display: grid; gap: 0.25rem; }
    .problems li { overflow-wrap: anywhere; }
    .wrap { overflow-wrap: anywhere; }

    progress { appearance: none; width: 100%; height: 0.5rem; border: 0; border-radius: 0.25rem; overflow: hidden;
      background: var(--_busy-bg); color: var(--_accent); }
    progress::-webkit-progress-bar { background: var(--_busy-bg); border-radius: 0.25rem; }
    progress::-webkit-progress-value { background: var(--_accent); border-radius: 0.25rem; transition: width 0.4s; }
    progress::-moz-progress-bar { background: var(--_accent); }
    progress:indeterminate { animation: pulse 1.6s ease-in-out infinite alternate; }
    progress:indeterminate::-webkit-progress-bar { background: var(--_accent); }
    @keyframes pulse { from { opacity: 0.25; } to { opacity: 0.7; } }

    .options { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.25rem 2rem; }
    .options > .stack { gap: 0.875rem; }
    .option { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.75rem; align-items: start; }
    .option input { margin-top: 0.0625rem; }
    .option .stack { gap: 0; }

    .save-bar { gap: 0.75rem; padding-block: 1rem; }
    .save-bar.unsaved { position: sticky; bottom: 0.75rem; z-index: 1; border-color: var(--_accent);
      box-shadow: 0 6px 24px rgb(10 20 35 / 0.18); }

    @container panel (max-width: 50rem) {
      .kinds, .options { grid-template-columns: minmax(0, 1fr); }
    }
    @container panel (max-width: 34rem) {
      .form, .settings { grid-template-columns: minmax(0, 1fr); }
      .counts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
      .times { grid-template-columns: minmax(0, 1fr); gap: 0.5rem; }
      .times > div { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 0.5rem; }
      .save-bar .row { width: 100%; }
      .save-bar .row > button { flex: 1 1 auto; }
    }
  `];
}
