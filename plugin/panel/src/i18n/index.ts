// Words, plurals, numbers and times in the person's language.
import { en } from "./en.js";
import { sl } from "./sl.js";

export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Messages = Record<string, Message>;
export type Key = keyof typeof en;
export type Language = "en" | "sl";

const MESSAGES: Record<Language, Record<Key, Message>> = { en, sl };

/** The first language in the list that we speak; English when there is none. */
export function chooseLanguage(...wanted: (string | null | undefined)[]): Language {
  for (const tag of wanted) {
    const primary = tag?.toLowerCase().split(/[-_]/)[0];
    if (primary === "sl" || primary === "en") return primary;
  }
  return "en";
}

function locale(language: Language): string {
  if (language === "sl") return "sl-SI";
  const browsers = typeof navigator === "undefined" ? [] : (navigator.languages ?? []);
  return browsers.find((tag) => /^en\b/i.test(tag)) ?? "en-GB";
}

/** Each unit is used up to this many seconds, so that half an hour is "30 minutes", not "1 hour". */
const UNITS: readonly { unit: Intl.RelativeTimeFormatUnit; seconds: number; upTo: number }[] = [
  { unit: "second", seconds: 1, upTo: 60 },
  { unit: "minute", seconds: 60, upTo: 90 * 60 },
  { unit: "hour", seconds: 3_600, upTo: 36 * 3_600 },
  { unit: "day", seconds: 86_400, upTo: Infinity },
];

export type Values = Record<string, string | number>;

export class Translator {
  readonly locale: string;
  private readonly plurals: Intl.PluralRules;
  private readonly numbers: Intl.NumberFormat;
  private readonly moments: Intl.DateTimeFormat;
  private readonly exactMoments: Intl.DateTimeFormat;
  private readonly days: Intl.DateTimeFormat;
  private readonly relatives: Intl.RelativeTimeFormat;

  constructor(readonly language: Language, localeTag: string = locale(language)) {
    this.locale = localeTag;
    this.plurals = new Intl.PluralRules(localeTag);
    this.numbers = new Intl.NumberFormat(localeTag);
    this.moments = new Intl.DateTimeFormat(localeTag, { dateStyle: "medium", timeStyle: "short" });
    this.exactMoments = new Intl.DateTimeFormat(localeTag, { dateStyle: "medium", timeStyle: "medium" });
    this.days = new Intl.DateTimeFormat(localeTag, { dateStyle: "medium" });
    this.relatives = new Intl.RelativeTimeFormat(localeTag, { numeric: "auto" });
  }

  t(key: Key, values: Values = {}): string {
    const message = MESSAGES[this.language][key];
    return this.fill(typeof message === "string" ? message : message.other, values);
  }

  /** A counted sentence: `{count}` and the word forms that go with it. */
  n(key: Key, count: number, values: Values = {}): string {
    const message = MESSAGES[this.language][key];
    const text = typeof message === "string" ? message : (message[this.plurals.select(count)] ?? message.other);
    return this.fill(text, { ...values, count });
  }

  number(value: number): string {
    return this.numbers.format(value);
  }

  percent(value: number): string {
    return new Intl.NumberFormat(this.locale, { style: "percent", maximumFractionDigits: 0 }).format(value / 100);
  }

  milliseconds(value: number): string {
    return new Intl.NumberFormat(this.locale, {
      style: "unit", unit: "millisecond", unitDisplay: "short", maximumFractionDigits: 0,
    }).format(value);
  }

  moment(iso: string): string {
    return this.date(iso, this.moments);
  }

  exactMoment(iso: string): string {
    return this.date(iso, this.exactMoments);
  }

  day(iso: string): string {
    return this.date(iso, this.days);
  }

  /** "in 12 minutes", "3 hours ago". */
  relative(iso: string, now: number = Date.now()): string {
    const at = Date.parse(iso);
    if (Number.isNaN(at)) return iso;
    const seconds = Math.round((at - now) / 1000);
    const { unit, seconds: size } = UNITS.find(({ upTo }) => Math.abs(seconds) < upTo) ?? UNITS[3]!;
    return this.relatives.format(Math.round(seconds / size), unit);
  }

  private date(iso: string, format: Intl.DateTimeFormat): string {
    const at = Date.parse(iso);
    return Number.isNaN(at) ? iso : format.format(at);
  }

  private fill(text: string, values: Values): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === "number" ? this.number(value) : value;
    });
  }
}
