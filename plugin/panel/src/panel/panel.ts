// <metakocka-autosync>: credentials and the Auto-Sync Control panel.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ApiError } from "../api.js";
import { MkElement } from "../element.js";
import { keepingFocus } from "../focus.js";
import { Poller } from "../poller.js";
import { ReviewSection } from "../review/review.js";
import { reviewStyles } from "../review/review-styles.js";
import {
  RECOMMENDED, capabilities, checkDraft, directionOf, emptyDraft, recommendedDraft, savedDirection,
  type Draft, type DraftCheck,
} from "../settings.js";
import { anyBusy, isBusy } from "../status.js";
import { shared } from "../styles.js";
import { KINDS, type AutoSync, type Kind } from "../types.js";
import { CredentialsSection } from "./credentials.js";
import { renderKindCard } from "./kind-card.js";
import { kindPaths, policyPath } from "./kind-settings.js";
import { optionPaths, renderOptions } from "./options.js";
import { renderOverview } from "./overview.js";
import { panelStyles } from "./panel-styles.js";
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
  private readonly review = new ReviewSection(this);

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

  runStarted(): void {
    void this.poller.now();
  }

  private take(status: AutoSync): void {
    const before = this.status;
    const hadFailed = this.readFailure !== null;
    this.status = status;
    this.readFailure = null;
    this.review.follow(status);
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
    else if (savedDirection(this.status, "contacts") !== directionOf(this.draft, this.status, "contacts")) {
      parts.push(this.i18n.t("settings.recommended.writes"));
    }
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
      ${renderOverview({
        i18n, status, usable, runningAll,
        switching: this.switching,
        logsHref: this.logsHref,
        failure: this.changeFailure?.area === "control" ? this.renderFailure(this.changeFailure.error, true) : nothing,
        onSwitch: (e) => void keepingFocus(this, () => this.toggle(e)),
        onRunAll: () => void keepingFocus(this, () => this.run(KINDS, "sync")),
      })}
      ${this.review.render()}
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
            onPolicy: (p) => this.edit({ policy: { ...this.draft.policy, [kind]: p } }, policyPath(kind)),
          }))}
        </div>
        ${renderOptions({
          i18n, status, can, check,
          draft: this.draft,
          serverErrors: this.serverErrors,
          frozen: this.working.has("save"),
          webhookHelp: (on) => renderWebhookHelp(
            i18n, webhookAddress(this.api.url("/webhook"), location.href), on, this.credentials.stored?.webhookSecret === true),
          onEdit: (change, path) => this.edit(change, path),
        })}
        ${this.renderSaveBar(check)}
      </form>`;
  }

  private renderSaveBar(check: DraftCheck): TemplateResult {
    const { i18n } = this;
    const saving = this.working.has("save");
    const shownPaths = new Set([...KINDS.flatMap(kindPaths), ...optionPaths(this.status!)]);
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

  static override styles = [shared, panelStyles, reviewStyles];
}
