// A kind's table with search, filter and paging.
import { api } from "./api.js";
import { cell, isNumeric, namesOf } from "./cells.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";
import { fieldOf, kinds } from "./kinds.js";
import { failure } from "./layout.js";
import { decimal } from "./format.js";

const pageSize = 50;

export async function showList(main, kind) {
  // The way back through pages that were seen: the API's cursor only goes forward.
  const cursors = [""];
  let request = 0;
  const query = new URLSearchParams(location.search);
  const heading = el("h1", {}, t(kind));
  const total = el("span", { class: "count" });
  const search = el("input", { type: "search", name: "q", value: query.get("q") ?? "", placeholder: t("search"), "aria-label": t("search") });
  const state = el("select", { name: "active", "aria-label": t("state") },
    el("option", { value: "" }, t("all")), el("option", { value: "true" }, t("active")), el("option", { value: "false" }, t("inactive")));
  state.value = query.get("active") ?? "";
  const body = el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": t(kind) });
  const pager = el("nav", { class: "pager", "aria-label": t(kind) });
  const form = el("form", { class: "filters", role: "search" }, search, state);
  fill(main, el("div", { class: "title-row" }, heading, total), form, body, pager);

  async function load() {
    const mine = ++request;
    const parameters = new URLSearchParams({ limit: pageSize });
    if (search.value.trim()) parameters.set("q", search.value.trim());
    if (state.value) parameters.set("active", state.value);
    const after = cursors.at(-1);
    if (after) parameters.set("after", after);
    try {
      const answer = await api("GET", `/api/${kind}?${parameters}`);
      const names = await referredNames(kind, answer.items);
      // A slower answer to an older question must not replace a newer one.
      if (mine !== request) return;
      fill(body, answer.items.length === 0 ? emptyText() : table(kind, answer.items, names));
      showPager(answer.next);
    } catch (error) {
      if (mine === request) fill(body, failure(error));
    }
  }

  function emptyText() {
    return el("p", { class: "nothing" }, search.value || state.value ? t("noneFound") : t("none"));
  }

  function showPager(next) {
    const turn = (change) => () => {
      change();
      load();
      main.scrollIntoView();
    };
    fill(pager,
      el("button", { type: "button", disabled: cursors.length === 1, onclick: turn(() => cursors.pop()) }, t("previous")),
      el("button", { type: "button", disabled: next === null, onclick: turn(() => cursors.push(next)) }, t("next")));
  }

  function restart() {
    cursors.length = 1;
    const url = new URL(location.href);
    for (const [name, value] of [["q", search.value.trim()], ["active", state.value]]) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    history.replaceState(null, "", url);
    load();
  }

  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(restart, 200);
  });
  state.addEventListener("change", restart);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    restart();
  });
  api("GET", "/api/counts").then((counts) => {
    total.textContent = decimal(String(counts[kind].total));
  }).catch(() => {});
  await load();
}

async function referredNames(kind, records) {
  const reference = kinds[kind].fields.find((field) => field.type === "reference");
  return reference ? namesOf(reference.kind, records.map((record) => record[reference.name])) : new Map();
}

function table(kind, records, names) {
  const columns = kinds[kind].columns.map((name) => fieldOf(kind, name));
  return el("table", {},
    el("thead", {}, el("tr", {}, columns.map((field) =>
      el("th", { scope: "col", class: isNumeric(field) ? "number" : null }, t(field.name))))),
    el("tbody", {}, records.map((record) => row(kind, columns, record, names))));
}

function row(kind, columns, record, names) {
  const cells = columns.map((field, index) => {
    const content = cell(field, record, names);
    // The first column leads to the record. For stock that is the product's name.
    const shown = index > 0 ? content
      : el("a", { href: `/${kind}/${record.id}` }, field.type === "reference" ? names.get(record[field.name]) ?? record.id : content);
    return el("td", { class: isNumeric(field) ? "number" : null, "data-label": t(field.name) }, shown);
  });
  if (!record.active) cells[0].append(" ", el("span", { class: "badge off" }, t("isInactive")));
  return el("tr", { class: record.active ? null : "inactive" }, cells);
}
