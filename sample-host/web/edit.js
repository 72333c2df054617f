// A form over a record's own fields. References and lines are not edited here.
import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";
import { kinds } from "./kinds.js";
import { failure } from "./layout.js";

const types = { decimal: "text", date: "date", bool: "checkbox" };

export function editForm(kind, record, saved, cancelled) {
  const fields = [...kinds[kind].fields.filter((field) => field.type !== "reference"), { name: "active", type: "bool" }];
  const inputs = new Map(fields.map((field) => [field, inputOf(field, record[field.name])]));
  const trouble = el("div", {});
  const form = el("form", { class: "card edit" },
    el("div", { class: "fields" }, fields.map((field) => labelled(field, inputs.get(field)))),
    trouble,
    el("div", { class: "buttons" }, el("button", { type: "submit", class: "primary" }, t("save")),
      el("button", { type: "button", onclick: cancelled }, t("cancel"))));

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const changes = {};
    for (const [field, input] of inputs) {
      const value = field.type === "bool" ? input.checked : input.value === "" ? null : input.value;
      if (value !== record[field.name]) changes[field.name] = value;
      input.removeAttribute("aria-invalid");
    }
    try {
      saved(await api("PATCH", `/api/${kind}/${record.id}`, changes));
    } catch (error) {
      for (const { path } of error.errors ?? []) form.elements[path]?.setAttribute("aria-invalid", "true");
      fill(trouble, failure(error));
    }
  });
  return form;
}

function inputOf(field, value) {
  if (field.type === "long") return el("textarea", { name: field.name, rows: "5" }, value ?? "");
  const input = el("input", { name: field.name, type: types[field.type] ?? "text", inputmode: field.type === "decimal" ? "decimal" : null });
  if (field.type === "bool") input.checked = value;
  else input.value = value ?? "";
  return input;
}

function labelled(field, input) {
  const title = field.name === "active" ? t("isActive") : t(field.name);
  if (field.type === "bool") return el("label", { class: "check" }, input, title);
  return el("label", { class: field.type === "long" ? "wide" : null }, el("span", {}, title), input);
}
