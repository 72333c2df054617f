// Starts the page that the address names.
import { api, setCsrfToken } from "./api.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";
import { kinds } from "./kinds.js";
import { failure, showNav, showNotices } from "./layout.js";
import { showConnectorPage } from "./connector-page.js";
import { showDetail } from "./detail.js";
import { showList } from "./list.js";
import { showPlugins } from "./plugins.js";

const main = document.getElementById("main");
const noticeInterval = 15000;

async function start() {
  document.getElementById("skip").textContent = t("skip");
  const session = await api("GET", "/api/session");
  setCsrfToken(session.csrfToken);
  const plugins = (await api("GET", "/api/plugins")).items;
  showNav(session, plugins);
  showNotices();
  setInterval(() => {
    if (!document.hidden) showNotices();
  }, noticeInterval);

  const [first, second] = location.pathname.split("/").filter(Boolean);
  if (kinds[first]) {
    document.title = `${t(first)} · CRM`;
    if (second) await showDetail(main, first, decodeURIComponent(second), session.role !== "viewer");
    else await showList(main, first);
  } else if (first === "settings" && second === "plugins") {
    document.title = `${t("plugins")} · CRM`;
    await showPlugins(main, session);
  } else if (first === "settings" && second === "integrations") {
    await showConnectorPage(main, plugins, session);
  } else {
    fill(main, el("h1", {}, t("notThere")));
  }
}

start().catch((error) => {
  if (error.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  else fill(main, failure(error));
});
