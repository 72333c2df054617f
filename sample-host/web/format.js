// Values as people read them. Decimals stay text: a number type would round them.
import { lang } from "./i18n.js";

const grouping = lang === "sl" ? "." : ",";
const point = lang === "sl" ? "," : ".";

/** "-1234567.50" → "-1.234.567,50" in Slovenian. `places`: at least so many decimals. */
export function decimal(text, places = 0) {
  if (text === null || text === undefined) return "";
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return text;
  const whole = match[2].replace(/\B(?=(\d{3})+(?!\d))/g, grouping);
  const fraction = (match[3] ?? "").padEnd(places, "0");
  return (match[1] ? "−" : "") + whole + (fraction ? point + fraction : "");
}

/** A calendar date, which has no time zone and must not get one. */
export function day(text) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? "");
  if (!match) return text ?? "";
  const date = new Date(Date.UTC(+match[1], +match[2] - 1, +match[3]));
  const locale = lang === "sl" ? "sl-SI" : "en-GB";
  const month = lang === "sl" ? "numeric" : "short";
  return new Intl.DateTimeFormat(locale, { day: "numeric", month, year: "numeric", timeZone: "UTC" }).format(date);
}

/** An instant, in the reader's own time zone. */
export function instant(text) {
  const locale = lang === "sl" ? "sl-SI" : "en-GB";
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(text));
}
