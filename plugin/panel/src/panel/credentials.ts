// The section where the connection to Metakocka is entered and tested.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { ApiError } from "../api.js";
import type { Api } from "../api.js";
import { keepingFocus } from "../focus.js";
import type { Key, Translator } from "../i18n/index.js";
import { TEST_REASONS, type Credentials, type CredentialsInput, type TestResult } from "../types.js";

export const PRODUCTION_URL = "https://main.metakocka.si/rest/eshop/v1/";
export const TEST_URL = "https://devmainsi.metakocka.si/rest/eshop/v1/";

type Installation = "production" | "test" | "own";
const FIELDS = ["companyId", "secretKey", "baseUrl", "caCertificate", "webhookSecret"] as const;
type Field = (typeof FIELDS)[number];
type Busy = "load" | "save" | "test" | "remove" | null;

export interface CredentialsHost {
  readonly api: Api;
  readonly i18n: Translator;
  readonly updateComplete: Promise<boolean>;
  readonly renderRoot: HTMLElement | DocumentFragment;
  requestUpdate(): void;
  announce(text: string): void;
  failureText(error: unknown, changing: boolean): string;
  /** The stored credentials have changed: the status will have, too. */
  credentialsChanged(): void;
}

function installationOf(url: string | null | undefined): Installation {
  const plain = (url ?? "").replace(/\/+$/, "");
  if (plain === "" || plain === PRODUCTION_URL.replace(/\/$/, "")) return "production";
  return plain === TEST_URL.replace(/\/$/, "") ? "test" : "own";
}

export class CredentialsSection {
  stored: Credentials | null = null;
  private editing = false;
  private removing = false;
  private busy: Busy = null;
  private failure: unknown = null;
  private failureWhile: "load" | "change" = "load";
  private result: TestResult | null = null;
  private testedInput = "";
  private notice = "";
  private errors: Partial<Record<Field, string>> = {};

  private companyId = "";
  private secretKey = "";
  private installation: Installation = "production";
  private ownUrl = "";
  private caCertificate = "";
  private webhookSecret = "";

  constructor(private readonly host: CredentialsHost) {}

  async load(): Promise<void> {
    await this.work("load", async () => {
      this.stored = await this.host.api.credentials();
      this.editing = !this.stored.configured;
    });
  }

  get loaded(): boolean {
    return this.stored !== null;
  }

  private async work(what: Exclude<Busy, null>, action: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    this.failure = null;
    this.notice = "";
    this.host.requestUpdate();
    try {
      await action();
    } catch (error) {
      this.failure = error;
      this.failureWhile = what === "load" ? "load" : "change";
      if (error instanceof ApiError) {
        for (const { path, message } of error.fields) {
          const field = FIELDS.find((name) => name === path);
          if (field) this.errors[field] = message;
        }
      }
    } finally {
      this.busy = null;
      this.host.requestUpdate();
    }
  }

  private edit(): void {
    this.editing = true;
    this.result = null;
    this.failure = null;
    this.notice = "";
    this.errors = {};
    this.companyId = this.stored?.companyId ?? "";
    this.secretKey = "";
    this.installation = installationOf(this.stored?.baseUrl);
    this.ownUrl = this.installation === "own" ? (this.stored?.baseUrl ?? "") : "";
    this.caCertificate = "";
    this.webhookSecret = "";
    this.host.requestUpdate();
    void this.focus("companyId");
  }

  private closeForm(): void {
    this.editing = false;
    this.errors = {};
    this.failure = null;
    this.secretKey = "";
    this.caCertificate = "";
    this.webhookSecret = "";
    this.host.requestUpdate();
    void this.focus("cred-change");
  }

  private async focus(id: string): Promise<void> {
    await this.host.updateComplete;
    this.host.renderRoot.querySelector<HTMLElement>(`#${id}`)?.focus();
  }

  private input(): CredentialsInput | null {
    const { t } = this.bound();
    this.errors = {};
    const companyId = this.companyId.trim();
    const secretKey = this.secretKey.trim();
    const webhookSecret = this.webhookSecret.trim();
    const ca = this.installation === "own" ? this.caCertificate.trim() : "";
    if (!companyId) this.errors.companyId = t("cred.companyId.required");
    if (!secretKey) {
      this.errors.secretKey = t(this.stored?.configured ? "cred.secretKey.again" : "cred.secretKey.required");
    }
    let baseUrl = this.installation === "test" ? TEST_URL : PRODUCTION_URL;
    if (this.installation === "own") {
      baseUrl = this.ownUrl.trim();
      if (!/^https:\/\/[^\s/]+/i.test(baseUrl) || !URL.canParse(baseUrl)) this.errors.baseUrl = t("cred.baseUrl.invalid");
    }
    if (ca && !ca.includes("-----BEGIN CERTIFICATE-----")) this.errors.caCertificate = t("cred.ca.invalid");
    const first = Object.keys(this.errors)[0];
    if (first) {
      this.host.requestUpdate();
      void this.focus(first);
      return null;
    }
    return {
      companyId, secretKey, baseUrl,
      ...(ca ? { caCertificate: `${ca}\n` } : {}),
      ...(webhookSecret ? { webhookSecret } : {}),
    };
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const input = this.input();
    if (!input) return;
    const alreadyTested = this.result?.ok === true && this.testedInput === JSON.stringify(input);
    let saved = false;
    await this.work("save", async () => {
      await this.host.api.saveCredentials(input);
      saved = true;
      this.secretKey = "";
      this.caCertificate = "";
      this.webhookSecret = "";
      this.stored = await this.host.api.credentials();
      this.editing = false;
      if (!alreadyTested) this.result = null;
      this.notice = this.host.i18n.t("cred.saved");
    });
    if (!saved) return;
    this.host.announce(this.host.i18n.t("cred.saved"));
    this.host.credentialsChanged();
    if (!alreadyTested) await this.testStored();
  }

  private async test(): Promise<void> {
    if (!this.editing) return this.testStored();
    const input = this.input();
    if (!input) return;
    await this.work("test", async () => {
      this.result = null;
      this.result = await this.host.api.testCredentials(input);
      this.testedInput = JSON.stringify(input);
    });
  }

  private async testStored(): Promise<void> {
    const notice = this.notice;
    await this.work("test", async () => {
      this.notice = notice;
      this.result = null;
      this.result = await this.host.api.testCredentials();
    });
    this.host.credentialsChanged();
  }

  private async remove(): Promise<void> {
    let removed = false;
    await this.work("remove", async () => {
      await this.host.api.removeCredentials();
      removed = true;
      this.removing = false;
      this.stored = { configured: false };
    });
    if (!removed) return;
    this.host.announce(this.host.i18n.t("cred.removed"));
    this.host.credentialsChanged();
    this.edit();
  }

  private bound(): { t: (key: Key, values?: Record<string, string | number>) => string; i18n: Translator } {
    const { i18n } = this.host;
    return { t: i18n.t.bind(i18n), i18n };
  }

  render(): TemplateResult {
    const { t } = this.bound();
    return html`
      <section class="card" aria-labelledby="cred-title">
        <h2 id="cred-title">${t("cred.title")}</h2>
        ${this.stored === null ? this.renderLoading() : this.editing ? this.renderForm() : this.renderSummary()}
      </section>`;
  }

  private renderLoading(): TemplateResult {
    const { t } = this.bound();
    if (this.busy || !this.failure) return html`<p class="muted">${t("common.loading")}</p>`;
    return html`${this.renderFailure()}
      <div><button type="button" @click=${() => void this.load()}>${t("common.retry")}</button></div>`;
  }

  private renderSummary(): TemplateResult {
    const { t, i18n } = this.bound();
    const { companyId, baseUrl, setAt, ageDays } = this.stored!;
    const age = typeof ageDays === "number" && ageDays >= 1 ? ` (${i18n.n("cred.age", Math.floor(ageDays))})` : "";
    return html`
      <div class="row between summary">
        <dl class="facts">
          <div><dt>${t("cred.companyId")}</dt><dd>${companyId}</dd></div>
          <div><dt>${t("cred.installation")}</dt><dd>${this.installationName(baseUrl)}</dd></div>
          ${setAt ? html`<div><dt>${t("cred.keySaved")}</dt><dd>${i18n.day(setAt)}${age}</dd></div>` : nothing}
          ${this.stored!.webhookSecret ? html`<div><dt>${t("cred.webhook")}</dt><dd>${t("cred.webhook.saved")}</dd></div>` : nothing}
        </dl>
        <div class="row wide-on-phone">
          <button type="button" id="cred-test" ?disabled=${this.busy !== null} aria-busy=${this.busy === "test"}
            @click=${() => void keepingFocus(this.host, () => this.test())}>${t(this.busy === "test" ? "cred.testing" : "cred.test")}</button>
          <button type="button" id="cred-change" ?disabled=${this.busy !== null} @click=${() => this.edit()}>${t("cred.change")}</button>
          <button type="button" class="plain" ?disabled=${this.busy !== null || this.removing}
            @click=${() => { this.removing = true; this.host.requestUpdate(); void this.focus("cred-keep"); }}>${t("cred.remove")}</button>
        </div>
      </div>
      ${typeof ageDays === "number" && ageDays >= 180 ? html`<p class="note warn">${t("cred.rotate")}</p>` : nothing}
      ${this.removing ? this.renderRemove() : nothing}
      ${this.renderOutcome()}`;
  }

  private installationName(url: string | null | undefined): string {
    const which = installationOf(url);
    return which === "own" ? url! : this.host.i18n.t(`cred.installation.${which}`);
  }

  private renderRemove(): TemplateResult {
    const { t } = this.bound();
    return html`
      <div class="note warn" role="group" aria-labelledby="cred-remove-ask">
        <p id="cred-remove-ask">${t("cred.remove.ask")}</p>
        <div class="row">
          <button type="button" class="danger" ?disabled=${this.busy !== null} @click=${() => void keepingFocus(this.host, () => this.remove(), "#companyId")}>${t("cred.remove.confirm")}</button>
          <button type="button" id="cred-keep" ?disabled=${this.busy !== null}
            @click=${() => { this.removing = false; this.host.requestUpdate(); void this.focus("cred-change"); }}>${t("common.cancel")}</button>
        </div>
      </div>`;
  }

  private renderForm(): TemplateResult {
    const { t } = this.bound();
    const frozen = this.busy !== null;
    const touched = (field: Field): void => {
      delete this.errors[field];
      this.host.requestUpdate();
    };
    return html`
      <p class="muted">${t("cred.intro")}</p>
      <form class="form" novalidate autocomplete="off" @submit=${(e: Event) => void keepingFocus(this.host, () => this.save(e), "#cred-test")}>
        <div class="field">
          <label for="companyId">${t("cred.companyId")}</label>
          <input id="companyId" name="companyId" type="text" autocomplete="off" spellcheck="false" ?disabled=${frozen}
            aria-invalid=${"companyId" in this.errors} aria-describedby="companyId-error"
            .value=${live(this.companyId)}
            @input=${(e: InputEvent) => { this.companyId = (e.target as HTMLInputElement).value; touched("companyId"); }}>
          ${this.renderError("companyId")}
        </div>
        <div class="field">
          <label for="secretKey">${t("cred.secretKey")}</label>
          <input id="secretKey" name="secretKey" type="password" autocomplete="new-password" spellcheck="false" ?disabled=${frozen}
            aria-invalid=${"secretKey" in this.errors} aria-describedby="secretKey-error"
            .value=${live(this.secretKey)}
            @input=${(e: InputEvent) => { this.secretKey = (e.target as HTMLInputElement).value; touched("secretKey"); }}>
          ${this.renderError("secretKey")}
        </div>
        <div class="field">
          <label for="installation">${t("cred.installation")}</label>
          <select id="installation" name="installation" ?disabled=${frozen}
            .value=${live(this.installation)}
            @change=${(e: Event) => { this.installation = (e.target as HTMLSelectElement).value as Installation; touched("baseUrl"); }}>
            ${(["production", "test", "own"] as const).map((name) => html`
              <option value=${name} ?selected=${name === this.installation}>${t(`cred.installation.${name}`)}</option>`)}
          </select>
        </div>
        ${this.installation === "own" ? html`
          <div class="field">
            <label for="baseUrl">${t("cred.baseUrl")}</label>
            <input id="baseUrl" name="baseUrl" type="url" autocomplete="off" spellcheck="false" ?disabled=${frozen}
              aria-invalid=${"baseUrl" in this.errors} aria-describedby="baseUrl-error baseUrl-help"
              .value=${live(this.ownUrl)}
              @input=${(e: InputEvent) => { this.ownUrl = (e.target as HTMLInputElement).value; touched("baseUrl"); }}>
            ${this.renderError("baseUrl")}
            <span class="help" id="baseUrl-help">${t("cred.baseUrl.help")}</span>
          </div>
          <div class="field whole">
            <label for="caCertificate">${t("cred.ca")} <span class="muted">(${t("common.optional")})</span></label>
            <textarea id="caCertificate" name="caCertificate" rows="4" spellcheck="false" autocomplete="off" ?disabled=${frozen}
              aria-invalid=${"caCertificate" in this.errors} aria-describedby="caCertificate-error ca-help"
              .value=${live(this.caCertificate)}
              @input=${(e: InputEvent) => { this.caCertificate = (e.target as HTMLTextAreaElement).value; touched("caCertificate"); }}></textarea>
            ${this.renderError("caCertificate")}
            <span class="help" id="ca-help">${t("cred.ca.help")}</span>
          </div>` : nothing}
        <div class="field whole">
          <label for="webhookSecret">${t("cred.webhook")} <span class="muted">(${t("common.optional")})</span></label>
          <input id="webhookSecret" name="webhookSecret" type="password" autocomplete="new-password" spellcheck="false" ?disabled=${frozen}
            aria-invalid=${"webhookSecret" in this.errors} aria-describedby="webhookSecret-error webhookSecret-help"
            .value=${live(this.webhookSecret)}
            @input=${(e: InputEvent) => { this.webhookSecret = (e.target as HTMLInputElement).value; touched("webhookSecret"); }}>
          ${this.renderError("webhookSecret")}
          <span class="help" id="webhookSecret-help">${t("cred.webhook.help")} ${this.stored?.webhookSecret ? t("cred.webhook.kept") : nothing}</span>
        </div>
        <div class="row whole wide-on-phone">
          <button type="submit" class="primary" ?disabled=${frozen} aria-busy=${this.busy === "save"}>${t(this.busy === "save" ? "cred.saving" : "cred.save")}</button>
          <button type="button" id="cred-test" ?disabled=${frozen} aria-busy=${this.busy === "test"} @click=${() => void keepingFocus(this.host, () => this.test())}>${t(this.busy === "test" ? "cred.testing" : "cred.test")}</button>
          ${this.stored?.configured ? html`
            <button type="button" class="plain" ?disabled=${frozen} @click=${() => this.closeForm()}>${t("common.cancel")}</button>` : nothing}
        </div>
      </form>
      ${this.renderOutcome()}`;
  }

  private renderError(field: Field): TemplateResult {
    return html`<span class="error-text" id="${field}-error">${this.errors[field] ?? ""}</span>`;
  }

  private renderFailure(): TemplateResult | typeof nothing {
    if (!this.failure) return nothing;
    const { t } = this.bound();
    const detail = this.failure instanceof ApiError && this.failure.fields.length === 0 ? this.failure.detail : "";
    const elsewhere = this.failure instanceof ApiError
      ? this.failure.fields.filter(({ path }) => !(path in this.errors)) : [];
    return html`
      <div class="note bad" role="alert">
        <strong>${this.host.failureText(this.failure, this.failureWhile === "change")}</strong>
        ${detail ? html`<span class="small">${t("common.serverSays", { message: detail })}</span>` : nothing}
        ${elsewhere.map(({ path, message }) => html`<span class="small">${path}: ${message}</span>`)}
      </div>`;
  }

  private renderOutcome(): TemplateResult {
    return html`
      ${this.renderFailure()}
      <div role="status" class="outcome" data-test=${this.result ? (this.result.ok ? "ok" : (this.result.reason ?? "failed")) : ""}>
        ${this.notice && !this.result ? html`<p class="note ok">${this.notice}</p>` : nothing}
        ${this.result ? renderTestResult(this.host.i18n, this.result) : nothing}
      </div>`;
  }
}

export function renderTestResult(i18n: Translator, result: TestResult): TemplateResult {
  if (result.ok) {
    const text = typeof result.latencyMs === "number"
      ? i18n.t("test.ok", { latency: i18n.milliseconds(result.latencyMs) })
      : i18n.t("test.ok.plain");
    return html`<p class="note ok"><strong>${text}</strong></p>`;
  }
  const reason = TEST_REASONS.find((r) => r === result.reason) ?? "unknown";
  return html`
    <div class="note bad">
      <strong>${i18n.t(`test.${reason}`)}</strong>
      <span>${i18n.t(`test.${reason}.next`)}</span>
      ${result.message ? html`<span class="small">${i18n.t("common.serverSays", { message: result.message })}</span>` : nothing}
    </div>`;
}
