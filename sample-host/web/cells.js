// One field's value as an element.
import { api } from "./api.js";
import { el } from "./dom.js";
import { day, decimal } from "./format.js";
import { t, valueText } from "./i18n.js";

/** Names of the records that others refer to, asked for in one call. */
export async function namesOf(kind, ids) {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const answer = await api("GET", `/api/${kind}?limit=500&ids=${wanted.join(",")}`);
  return new Map(answer.items.map((record) => [record.id, record.name ?? record.code ?? record.id]));
}

export function isNumeric(field) {
  return field.type === "decimal";
}

export function cell(field, record, names) {
  const value = record[field.name];
  if (value === null || value === undefined) return el("span", { class: "empty" }, "–");
  switch (field.type) {
    case "decimal":
      return decimal(value, field.places);
    case "date":
      return day(value);
    case "bool":
      return value ? t("yes") : t("no");
    case "choice":
      return el("span", { class: `badge value-${value}` }, valueText(field.name, value));
    case "reference":
      return el("a", { href: `/${field.kind}/${value}` }, names.get(value) ?? t("open_id", { id: value }));
    default:
      return value;
  }
}
