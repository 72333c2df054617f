// Settings → Plugins.
import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";
import { failure, showNav } from "./layout.js";

const stateTexts = { running: "running", disabled: "disabled", refused: "refused", quarantined: "quarantined", failed: "failedState" };

export async function showPlugins(main, session) {
  const list = el("div", { class: "plugins" });
  fill(main, el("h1", {}, t("plugins")), el("p", { class: "intro" }, t("pluginsIntro")), list);
  await load();

  async function load() {
    try {
      const answer = await api("GET", "/api/plugins");
      showNav(session, answer.items);
      fill(list, answer.items.length === 0 ? el("p", { class: "nothing" }, t("noPlugins")) : answer.items.map(card));
    } catch (error) {
      fill(list, failure(error));
    }
  }

  function card(plugin) {
    const trouble = el("div", {});
    const change = async (event) => {
      event.currentTarget.disabled = true;
      event.currentTarget.textContent = t("working");
      try {
        await api("POST", `/api/plugins/${encodeURIComponent(plugin.id)}/${plugin.enabled ? "disable" : "enable"}`);
        await load();
      } catch (error) {
        await load();
        fill(list, failure(error), ...list.childNodes);
      }
    };
    const button = session.role === "admin"
      ? el("button", { type: "button", class: plugin.enabled ? null : "primary", onclick: change, "data-plugin": plugin.id },
          plugin.enabled ? t("disable") : t("enable"))
      : el("span", { class: "empty" }, t("adminOnly"));
    return el("section", { class: "card plugin" },
      el("div", { class: "title-row" }, el("h2", {}, plugin.name),
        el("span", { class: `badge state-${plugin.state}` }, t(stateTexts[plugin.state] ?? plugin.state)),
        el("span", { class: "grow" }), button),
      el("p", { class: "stamp" }, [plugin.id, `${t("version")} ${plugin.version || "–"}`,
        plugin.publisher ? t("by", { publisher: plugin.publisher }) : ""].filter(Boolean).join(" · ")),
      plugin.description ? el("p", {}, plugin.description) : null,
      plugin.reason ? el("p", { class: "note bad" }, plugin.reason) : null,
      plugin.pages.length > 0 ? el("p", { class: "links" }, plugin.pages.map((page) => el("a", { href: page.path }, page.title))) : null,
      trouble);
  }
}
