// What surrounds every page: navigation, user, language, notices.
import { api, ApiError } from "./api.js";
import { el, fill } from "./dom.js";
import { lang, languageHref, t } from "./i18n.js";
import { instant } from "./format.js";

export function languageLinks() {
  return [["en", "English"], ["sl", "Slovenščina"]].map(([code, name]) =>
    el("a", { href: languageHref(code), lang: code, hreflang: code, title: name, "aria-label": name, "aria-current": code === lang ? "true" : null },
      code.toUpperCase()));
}

export function showNav(session, plugins) {
  const here = location.pathname;
  const link = (path, title) => el("a", { href: path, "aria-current": here === path || here.startsWith(`${path}/`) ? "page" : null }, title);
  const connectors = plugins.filter((plugin) => plugin.pages.length > 0)
    .map((plugin) => link(plugin.pages[0].path, plugin.name));
  const logOut = async () => {
    await api("DELETE", "/api/session").catch(() => {});
    location.assign("/login");
  };
  fill(document.getElementById("top"),
    el("a", { class: "brand", href: "/contacts" }, el("img", { src: "/web/icon.svg", alt: "", width: "28", height: "28" }), "CRM"),
    el("nav", { class: "main", "aria-label": t("menu") },
      ["contacts", "products", "invoices", "inventory"].map((kind) => link(`/${kind}`, t(kind))),
      el("span", { class: "divider", "aria-hidden": "true" }), link("/settings/plugins", t("plugins")), connectors),
    el("div", { class: "who" }, el("span", { class: "languages", role: "group", "aria-label": t("language") }, languageLinks()),
      el("span", { class: "user", title: session.role }, session.user),
      el("button", { type: "button", class: "plain", onclick: logOut }, t("logOut"))));
}

export async function showNotices() {
  const answer = await api("GET", "/api/notices").catch(() => ({ items: [] }));
  fill(document.getElementById("notices"), answer.items.map((notice) =>
    el("p", { class: `note ${notice.level === "error" ? "bad" : "warn"}` }, el("strong", {}, notice.title), " ", notice.text,
      " ", el("small", {}, instant(notice.at)))));
}

export function failure(error) {
  const detail = error instanceof ApiError && error.status !== 0 ? error.message : t("unreachable");
  const errors = error.errors ?? [];
  return el("div", { class: "note bad", role: "alert" }, el("strong", {}, `${t("failed")}: `), detail,
    errors.length > 0 ? el("ul", {}, errors.map(({ path, message }) => el("li", {}, `${t(path)}: ${message}`))) : null);
}
