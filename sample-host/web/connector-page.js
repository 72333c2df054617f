// A page of a connector: the custom element that its module serves.
import { el, fill } from "./dom.js";
import { lang, t } from "./i18n.js";
import { failure } from "./layout.js";

export async function showConnectorPage(main, plugins, session) {
  for (const plugin of plugins) {
    const page = plugin.pages.find((candidate) => candidate.path === location.pathname);
    if (!page) continue;
    document.title = `${page.title} · CRM`;
    const base = page.script.slice(0, page.script.lastIndexOf("/"));
    try {
      await import(page.script);
    } catch (error) {
      fill(main, el("h1", {}, page.title), failure(error));
      return;
    }
    const tabs = plugin.pages.length > 1
      ? el("nav", { class: "tabs", "aria-label": plugin.name }, plugin.pages.map((other) =>
          el("a", { href: other.path, "aria-current": other === page ? "page" : null }, other.title)))
      : null;
    fill(main, el("h1", {}, plugin.name), tabs, el(page.element, { base, lang, csrf: session.csrfToken }));
    return;
  }
  fill(main, el("h1", {}, t("settings")), el("p", { class: "note" }, t("pluginOff")),
    el("p", {}, el("a", { href: "/settings/plugins" }, t("toPlugins"))));
}
