import { describe, expect, it } from "vitest";
import { Translator, chooseLanguage, type Key, type Message } from "../src/i18n/index.js";
import { en } from "../src/i18n/en.js";
import { sl } from "../src/i18n/sl.js";

const forms = (m: Message): string[] => (typeof m === "string" ? [m] : Object.values(m));
const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort();
const keys = Object.keys(en) as Key[];

describe("messages", () => {
  it("exist in both languages, none more and none less", () => {
    expect(Object.keys(sl).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(keys)("%s has the same blanks in every form and is never empty", (key) => {
    const blanks = new Set([...forms(en[key]), ...forms(sl[key])].flatMap(places));
    for (const form of forms(sl[key])) expect(places(form)).toEqual([...blanks].sort());
    // English may spell out "one".
    for (const form of forms(en[key])) expect(places(form).every((p) => blanks.has(p))).toBe(true);
    for (const form of [...forms(en[key]), ...forms(sl[key])]) expect(form.trim()).not.toBe("");
  });

  it.each(keys)("%s has every plural form its language needs", (key) => {
    for (const [messages, tag] of [[en, "en"], [sl, "sl"]] as const) {
      const message: Message = messages[key];
      if (typeof message === "string") continue;
      const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
      expect(Object.keys(message).sort()).toEqual([...needed].sort());
    }
    expect(typeof en[key]).toBe(typeof sl[key]);
  });

  it("are translated, not copied", () => {
    const same = keys.filter((key) => JSON.stringify(en[key]) === JSON.stringify(sl[key]));
    expect(same.sort()).toEqual(["direction.crm_to_metakocka", "direction.metakocka_to_crm", "kind.finished", "kind.interval"].sort());
  });
});

describe("language", () => {
  it("is the first one we speak", () => {
    expect(chooseLanguage("sl-SI", "en")).toBe("sl");
    expect(chooseLanguage("", null, "de-AT", "sl")).toBe("sl");
    expect(chooseLanguage("EN_us")).toBe("en");
    expect(chooseLanguage("", "de")).toBe("en");
    expect(chooseLanguage()).toBe("en");
  });
});

describe("Slovenian", () => {
  const i18n = new Translator("sl");
  it.each([
    [1, "1 zapis"], [2, "2 zapisa"], [3, "3 zapisi"], [4, "4 zapisi"], [5, "5 zapisov"], [0, "0 zapisov"],
    [11, "11 zapisov"], [101, "101 zapis"], [102, "102 zapisa"], [104, "104 zapisi"], [12345, "12.345 zapisov"],
  ])("counts %i", (count, text) => expect(i18n.n("kind.progress.done", count)).toBe(text));

  it("formats times and numbers its own way", () => {
    const now = Date.parse("2026-11-24T08:00:00Z");
    expect(i18n.relative("2026-11-24T08:02:00Z", now)).toBe("čez 2 minuti");
    expect(i18n.relative("2026-11-24T07:55:00Z", now)).toBe("pred 5 minutami");
    expect(i18n.percent(10)).toBe("10 %".replace(" ", "\u00a0"));
    expect(i18n.number(1234567)).toBe("1.234.567");
    expect(i18n.milliseconds(42)).toMatch(/^42\s?ms$/);
  });
});

describe("English", () => {
  const i18n = new Translator("en", "en-GB");
  it("counts", () => {
    expect(i18n.n("kind.progress.done", 1)).toBe("1 record");
    expect(i18n.n("kind.progress.done", 2000)).toBe("2,000 records");
    expect(i18n.t("kind.progress.of", { done: 1200, total: 2000 })).toBe("1,200 of 2,000 records");
  });

  it.each([
    [0, "now"], [30, "in 30 seconds"], [-59, "59 seconds ago"], [60, "in 1 minute"], [1800, "in 30 minutes"],
    [3600, "in 60 minutes"], [5400, "in 2 hours"], [-86400, "24 hours ago"], [-12 * 86400, "12 days ago"],
  ])("says %i seconds from now", (seconds, text) => {
    const now = Date.parse("2026-11-24T08:00:00Z");
    expect(i18n.relative(new Date(now + seconds * 1000).toISOString(), now)).toBe(text);
  });

  it("shows what is not a time as it came", () => {
    expect(i18n.relative("soon")).toBe("soon");
    expect(i18n.moment("soon")).toBe("soon");
  });
});
