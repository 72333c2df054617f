// Settings → Plugins.
import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { instant } from "./format.js";
import { t } from "./i18n.js";
import { failure, showNav } from "./layout.js";

const stateTexts = { running: "running", disabled: "disabled", refused: "refused", quarantined: "quarantined", failed: "failedState" };

export async function showPlugins(main, session) {
  const list = el("div", { class: "plugins" });
  const warning = el("div", {});
  fill(main, el("h1", {}, t("plugins")), el("p", { class: "intro" }, t("pluginsIntro")), warning, list);
  await load();

  async function load() {
    try {
      const answer = await api("GET", "/api/plugins");
      showNav(session, answer.items);
      fill(warning, answer.trouble ? el("p", { class: "note bad", role: "alert", id: "folder-trouble" }, answer.trouble) : null,
        answer.unsignedAllowed ? el("p", { class: "note bad", role: "alert", id: "unsigned-allowed" }, t("unsignedAllowed")) : null);
      fill(list, answer.items.length === 0 ? el("p", { class: "nothing" }, t("noPlugins")) : answer.items.map(card));
    } catch (error) {
      fill(list, failure(error));
    }
  }

  /** A button that asks the host for something and shows the plugins as they are afterwards. */
  function action(plugin, name, text, primary) {
    const ask = async (event) => {
      event.currentTarget.disabled = true;
      event.currentTarget.textContent = t("working");
      try {
        await api("POST", `/api/plugins/${encodeURIComponent(plugin.id)}/${name}`);
        await load();
      } catch (error) {
        await load();
        fill(list, failure(error), ...list.childNodes);
      }
    };
    return el("button", { type: "button", class: primary ? "primary" : null, onclick: ask, "data-plugin": plugin.id,
      "data-action": name }, text);
  }

  function buttons(plugin) {
    if (session.role !== "admin") return [el("span", { class: "empty" }, t("adminOnly"))];
    return [
      plugin.quarantine ? action(plugin, "release", t("release"), true) : null,
      action(plugin, plugin.enabled ? "disable" : "enable", plugin.enabled ? t("disable") : t("enable"), !plugin.enabled),
    ];
  }

  function signer(plugin) {
    const { signedBy } = plugin;
    return signedBy
      ? el("p", { class: "stamp signed" }, t("signedBy", { name: signedBy.name ?? t("distrustedSince") }), " · ",
          el("code", { title: t("fingerprint") }, signedBy.fingerprint))
      : el("p", { class: "stamp unsigned" }, t("unsigned"));
  }

  function reason(plugin) {
    if (!plugin.quarantine) return plugin.reason;
    const { phase, how, at } = plugin.quarantine;
    return t("quarantineReason", { phase: t(`phase_${phase}`), how: t(`end_${how}`, {}, how), at: instant(at) });
  }

  function card(plugin) {
    return el("section", { class: "card plugin" },
      el("div", { class: "title-row" }, el("h2", {}, plugin.name),
        el("span", { class: `badge state-${plugin.state}` }, t(stateTexts[plugin.state] ?? plugin.state)),
        el("span", { class: "grow" }), buttons(plugin)),
      el("p", { class: "stamp" }, [plugin.id, `${t("version")} ${plugin.version || "–"}`,
        plugin.publisher ? t("by", { publisher: plugin.publisher }) : ""].filter(Boolean).join(" · ")),
      signer(plugin),
      plugin.description ? el("p", {}, plugin.description) : null,
      plugin.reason ? el("p", { class: "note bad" }, reason(plugin)) : null,
      plugin.pages.length > 0 ? el("p", { class: "links" }, plugin.pages.map((page) => el("a", { href: page.path }, page.title))) : null);
  }
}
