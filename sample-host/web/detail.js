// One record: all its fields, its custom fields and its ids in other systems; and changing it.
import { api } from "./api.js";
import { cell, isNumeric, namesOf } from "./cells.js";
import { el, fill } from "./dom.js";
import { instant } from "./format.js";
import { t } from "./i18n.js";
import { kinds, lineFields } from "./kinds.js";
import { failure } from "./layout.js";
import { editForm } from "./edit.js";

export async function showDetail(main, kind, id, mayWrite) {
  let record;
  let names = new Map();
  try {
    record = await api("GET", `/api/${kind}/${encodeURIComponent(id)}`);
    const reference = kinds[kind].fields.find((field) => field.type === "reference");
    if (reference) names = await namesOf(reference.kind, [record[reference.name]]);
  } catch (error) {
    fill(main, backLink(kind), failure(error));
    return;
  }
  render();

  function render(message = null) {
    const title = kinds[kind].title(record, names) ?? t("open_id", { id: record.id });
    document.title = `${title} · CRM`;
    const edit = mayWrite ? el("button", { type: "button", onclick: startEdit }, t("edit")) : null;
    fill(main, backLink(kind),
      el("div", { class: "title-row" }, el("h1", {}, title),
        record.active ? null : el("span", { class: "badge off" }, t("isInactive")), el("span", { class: "grow" }), edit),
      message ? el("p", { class: "note ok", role: "status" }, message) : null,
      el("section", { class: "card" }, fieldList(kind, record, names)),
      record.lines ? section("lines", linesTable(record.lines)) : null,
      section("custom", pairs(record.custom, "noCustom")),
      section("external", pairs(record.external, "noExternal")),
      el("p", { class: "stamp" }, `${t("created")} ${instant(record.createdAt)} · ${t("updated")} ${instant(record.updatedAt)}`));
  }

  function startEdit() {
    fill(main, backLink(kind), el("h1", {}, kinds[kind].title(record, names) ?? record.id),
      editForm(kind, record, (changed) => {
        record = changed;
        render(t("saved"));
      }, () => render()));
    main.querySelector("input, textarea")?.focus();
  }
}

function backLink(kind) {
  return el("p", { class: "back" }, el("a", { href: `/${kind}` }, `‹ ${t(kind)}`));
}

function section(title, content) {
  return el("section", { class: "card" }, el("h2", {}, t(title)), content);
}

function fieldList(kind, record, names) {
  return el("dl", { class: "fields" }, kinds[kind].fields.map((field) =>
    el("div", { class: field.type === "long" ? "wide" : null }, el("dt", {}, t(field.name)), el("dd", {}, cell(field, record, names)))));
}

function pairs(object, emptyText) {
  const entries = Object.entries(object);
  if (entries.length === 0) return el("p", { class: "empty" }, t(emptyText));
  return el("dl", { class: "fields" }, entries.map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, typeof value === "string" ? value : JSON.stringify(value)))));
}

function linesTable(lines) {
  if (lines.length === 0) return el("p", { class: "empty" }, t("noLines"));
  const head = lineFields.map((field) => el("th", { scope: "col", class: isNumeric(field) ? "number" : null }, t(field.name)));
  const rows = lines.map((line) => el("tr", {}, lineFields.map((field) => {
    const content = cell(field, line, new Map());
    const linked = field.name === "name" && line.productId ? el("a", { href: `/products/${line.productId}` }, content) : content;
    return el("td", { class: isNumeric(field) ? "number" : null, "data-label": t(field.name) }, linked);
  })));
  return el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": t("lines") },
    el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows)));
}
