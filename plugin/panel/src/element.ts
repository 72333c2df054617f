// What both elements share: attributes, language, the client, and telling people about failures.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { Api, ApiError } from "./api.js";
import { Translator, chooseLanguage, type Key } from "./i18n/index.js";

export abstract class MkElement extends LitElement {
  @property() base = "/api/integrations/metakocka";
  @property() override lang = "";
  @property() csrf = "";
  @state() protected announcement = "";

  private translator: Translator | null = null;
  private client: Api | null = null;

  get i18n(): Translator {
    const language = chooseLanguage(
      this.lang,
      document.documentElement.lang,
      ...(navigator.languages ?? [navigator.language]),
    );
    if (this.translator?.language !== language) this.translator = new Translator(language);
    return this.translator;
  }

  get api(): Api {
    if (this.client?.base !== this.base) this.client = new Api(this.base, () => this.csrf);
    return this.client;
  }

  /** Spoken by screen readers, not seen. */
  announce(text: string): void {
    // The same words twice are spoken again only when they differ.
    this.announcement = this.announcement === text ? `${text}\u00a0` : text;
  }

  failureText(error: unknown, changing: boolean): string {
    if (!(error instanceof ApiError)) return this.i18n.t("failure.server");
    if (error.kind === "invalid" && error.fields.length > 0) {
      return this.i18n.n("failure.invalid.fields", error.fields.length);
    }
    const suffix = changing && (error.kind === "network" || error.kind === "forbidden") ? ".change" : "";
    return this.i18n.t(`failure.${error.kind}${suffix}` as Key);
  }

  protected renderFailure(error: unknown, changing: boolean, retry?: () => void): TemplateResult {
    const detail = error instanceof ApiError && error.fields.length === 0 ? error.detail : "";
    return html`
      <div class="note bad" role="alert">
        <strong>${this.failureText(error, changing)}</strong>
        ${detail ? html`<span class="small">${this.i18n.t("common.serverSays", { message: detail })}</span>` : nothing}
        ${retry ? html`<button type="button" @click=${retry}>${this.i18n.t("common.retry")}</button>` : nothing}
      </div>`;
  }

  protected renderLive(): TemplateResult {
    return html`<div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>`;
  }
}
