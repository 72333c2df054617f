// The login page.
import { api } from "./api.js";
import { fill } from "./dom.js";
import { t } from "./i18n.js";
import { languageLinks } from "./layout.js";

const form = document.getElementById("form");
const error = document.getElementById("error");
const submit = document.getElementById("submit");

document.title = `${t("logIn")} · CRM`;
document.getElementById("title").textContent = "CRM";
document.getElementById("user-label").textContent = t("user");
document.getElementById("password-label").textContent = t("password");
submit.textContent = t("logIn");
fill(document.getElementById("languages"), languageLinks());

/** Only a path of this host: an address from outside must not lead elsewhere after logging in. */
function target() {
  const next = new URLSearchParams(location.search).get("next") ?? "";
  const url = new URL(next || "/contacts", location.origin);
  return url.origin === location.origin && url.pathname !== "/login" ? url.pathname + url.search : "/contacts";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  submit.disabled = true;
  error.hidden = true;
  try {
    await api("POST", "/api/session", { user: form.elements.user.value, password: form.elements.password.value });
    location.assign(target());
  } catch (failed) {
    error.textContent = failed.status === 401 ? t("wrongLogin") : failed.status === 429 ? t("tooMany")
      : failed.status === 0 ? t("unreachable") : failed.message;
    error.hidden = false;
    form.elements.password.select();
  } finally {
    submit.disabled = false;
  }
});
