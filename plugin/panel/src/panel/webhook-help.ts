// What somebody has to enter in Metakocka so that its webhooks arrive.
import { html, nothing, type TemplateResult } from "lit";
import type { Translator } from "../i18n/index.js";

/** The address as Metakocka has to call it; `path` is the module's, as this page reaches it. */
export function webhookAddress(path: string, page: string): string {
  return new URL(path, page).href;
}

export function renderWebhookHelp(i18n: Translator, address: string, on: boolean, hasSecret: boolean): TemplateResult {
  return html`
    <span class="help wrap">${i18n.t("settings.webhooks.address")} <code id="webhook-address">${address}</code></span>
    ${on && !hasSecret ? html`<span class="error-text" data-note="webhook-secret">${i18n.t("settings.webhooks.secret")}</span>` : nothing}`;
}
