// Fields and values of records as people read them.
import { en } from "../i18n/en.js";
import type { Key, Translator } from "../i18n/index.js";

/** A field of the CRM by its name; one that we have no word for keeps the API's. */
export function fieldName(i18n: Translator, field: string): string {
  const key = `field.${field}`;
  return key in en ? i18n.t(key as Key) : field;
}

export function fieldNames(i18n: Translator, fields: readonly { field: string }[]): string {
  return fields.map(({ field }) => fieldName(i18n, field)).join(", ");
}

const FLAGS = new Set(["isCompany", "isCustomer", "isSupplier", "sellable", "purchasable", "service"]);

export function valueText(i18n: Translator, field: string, value: string): string {
  if (!FLAGS.has(field)) return value;
  return i18n.t(value === "true" ? "value.yes" : "value.no");
}
