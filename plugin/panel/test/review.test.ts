import { afterEach, describe, expect, it, vi } from "vitest";
import { Api } from "../src/api.js";
import { Translator } from "../src/i18n/index.js";
import { byField, chosenSide, crmCanWin, openFields, signature, waiting, withChoice } from "../src/review/decisions.js";
import { FIRST, MORE, WaitingList } from "../src/review/waiting-list.js";
import { fieldName, valueText } from "../src/review/words.js";
import { checkDraft, emptyDraft, isOn, policyOf, recommendedDraft, writing } from "../src/settings.js";
import { verdict } from "../src/status.js";
import type { AutoSync, Conflict, ConflictField, Page } from "../src/types.js";

const field = (name: string, metakocka: string | null, crm: string | null, metakockaTakesIt = true): ConflictField =>
  ({ field: name, base: null, metakocka, crm, metakockaTakesIt });

const conflict = (fields: ConflictField[], change: Partial<Conflict> = {}): Conflict => ({
  id: "contacts.17", type: "contacts", crmId: "17", externalId: "1", title: "Ana", since: "2026-11-24T08:00:00Z",
  what: "fields", fields, newer: null, resolution: null, ...change,
});

const status = (config: AutoSync["config"] = {}, types: AutoSync["types"] = {}): AutoSync =>
  ({ enabled: true, isRunning: false, config, types });

describe("a conflict", () => {
  const address = [field("street", "A", "B"), field("city", "Kranj", "Kranj"), field("phone", "1", "2")];

  it("is open in the fields that differ", () => {
    expect(openFields(conflict(address)).map((one) => one.field)).toEqual(["street", "phone"]);
  });
  it("is decided by field only where there are several, and never when one side removed the record", () => {
    expect(byField(conflict(address))).toBe(true);
    expect(byField(conflict([field("phone", "1", "2")]))).toBe(false);
    expect(byField(conflict(address, { what: "removed_in_crm" }))).toBe(false);
  });
  it("can't be won by the CRM when Metakocka takes nothing of it", () => {
    const price = [field("price", "1", "2", false), field("currency", "EUR", "EUR", true)];
    expect(crmCanWin(conflict(price))).toBe(false);
    expect(crmCanWin(conflict([...price, field("name", "a", "b")]))).toBe(true);
    expect(crmCanWin(conflict(price, { what: "removed_in_crm" }))).toBe(true);
  });
  it("keeps what was chosen for other fields", () => {
    expect(withChoice(conflict(address), "phone", "crm")).toEqual({ phone: "crm" });
    const half = conflict(address, { resolution: { street: "metakocka", city: "metakocka" } });
    expect(withChoice(half, "phone", "crm")).toEqual({ street: "metakocka", city: "metakocka", phone: "crm" });
    expect(chosenSide(half, "street")).toBe("metakocka");
    expect(chosenSide(half, "phone")).toBeNull();
    expect(chosenSide(conflict(address, { resolution: "crm" }), "phone")).toBe("crm");
    expect(withChoice(conflict(address, { resolution: "crm" }), "phone", "metakocka")).toEqual({ phone: "metakocka" });
  });
});

describe("what waits", () => {
  const types = { contacts: { state: "idle", conflicts: 2, quarantined: 1 }, products: { state: "idle", conflicts: 1 } } as const;
  it("is counted over all kinds", () => {
    expect([waiting(status({}, types), "conflicts"), waiting(status({}, types), "quarantined"), waiting(status(), "conflicts")])
      .toEqual([3, 1, 0]);
  });
  it("is read again after a run and after a change of the counts, not otherwise", () => {
    const before = signature(status({}, types));
    expect(signature(status({}, { ...types, inventory: { state: "running" } }))).toBe(before);
    expect(signature(status({}, { ...types, contacts: { state: "idle", conflicts: 1, quarantined: 1 } }))).not.toBe(before);
    expect(signature(status({}, { ...types, inventory: { state: "idle", lastRun: { id: "2", state: "succeeded" } } }))).not.toBe(before);
  });
  it("is the verdict when nothing worse is", () => {
    const ok = { state: "idle", lastSuccessAt: "2026-11-24T08:00:00Z" } as const;
    const set = { ...ok, quarantined: 1, lastRun: { id: "1", state: "partial", errorKind: "quarantine" } } as const;
    expect(verdict(status({}, { contacts: set, products: ok }))).toBe("review");
    expect(verdict(status({}, { contacts: set, products: { ...ok, state: "backing_off" } }))).toBe("failing");
  });
});

describe("a list", () => {
  const numbers = (from: number, to: number): { id: string }[] => Array.from({ length: to - from }, (_, i) => ({ id: String(from + i) }));

  it("shows few at first, more on demand, and is read again as far as it is shown", async () => {
    const read = vi.fn((query: { after?: unknown; limit?: unknown }) => {
      const from = query.after ? Number(query.after) + 1 : 0;
      const to = Math.min(30, from + Number(query.limit));
      return Promise.resolve({ items: numbers(from, to), next: to < 30 ? String(to - 1) : null });
    });
    const list = new WaitingList(read);
    await list.refresh();
    expect(list.items).toEqual(numbers(0, FIRST));
    await list.more();
    expect(list.items).toEqual(numbers(0, FIRST + MORE));
    await list.refresh();
    expect(list.items).toEqual(numbers(0, FIRST + MORE));
    await list.more();
    expect([list.items.length, list.next, await list.more()]).toEqual([30, null, false]);
  });

  it("forgets an answer that something newer has overtaken", async () => {
    const answers: ((page: Page<{ id: string }>) => void)[] = [];
    const list = new WaitingList(() => new Promise<Page<{ id: string }>>((done) => answers.push(done)));
    const older = list.refresh();
    const newer = list.refresh();
    answers[1]!({ items: numbers(5, 6), next: null });
    answers[0]!({ items: numbers(0, 3), next: "2" });
    expect([await older, await newer, list.items]).toEqual([false, true, numbers(5, 6)]);
    const late = list.refresh();
    list.clear();
    answers[2]!({ items: numbers(0, 3), next: null });
    expect([await late, list.items]).toEqual([false, []]);
  });
});

describe("settings for both directions", () => {
  const config = {
    direction: { contacts: "bidirectional", products: "crm_to_metakocka", invoices: "metakocka_to_crm", inventory: "metakocka_to_crm" },
    writeProtection: true,
    conflictPolicy: { contacts: { default: "newest_wins" }, products: { default: "manual" } },
  } as const;

  it("tell what is written to Metakocka", () => {
    const writes = (draft = emptyDraft()): string[] =>
      (["contacts", "products", "invoices"] as const).map((kind) => writing(draft, status(config), kind));
    expect(writes()).toEqual(["yes", "protected", "no"]);
    expect(writes({ ...emptyDraft(), writeProtection: false })).toEqual(["yes", "yes", "no"]);
    expect(writes({ ...emptyDraft(), direction: { contacts: "metakocka_to_crm" } })).toEqual(["no", "protected", "no"]);
  });
  it("are protected when the server is silent", () => {
    expect(isOn(emptyDraft(), status(), "writeProtection")).toBe(true);
    expect(isOn(emptyDraft(), status(), "webhooksEnabled")).toBe(false);
  });
  it("have a conflict policy only where both directions are open", () => {
    expect(policyOf(emptyDraft(), status(config), "contacts")).toBe("newest_wins");
    expect(policyOf(emptyDraft(), status(config), "products")).toBeNull();
    expect(policyOf({ ...emptyDraft(), direction: { products: "bidirectional" } }, status(config), "products")).toBe("manual");
  });
  it("send only what changed, and no policy that does not show", () => {
    const draft = { ...emptyDraft(), policy: { contacts: "manual", products: "crm_wins" }, writeProtection: false } as const;
    expect(checkDraft(draft, status(config)).patch).toEqual({
      conflictPolicy: { contacts: { default: "manual" } }, writeProtection: false,
    });
    expect(checkDraft({ ...emptyDraft(), policy: { products: "crm_wins" } }, status(config))).toMatchObject({ patch: {}, changed: false });
    expect(checkDraft({ ...emptyDraft(), policy: { contacts: "newest_wins" }, writeProtection: true }, status(config)).changed).toBe(false);
  });
  it("keep the protection when the recommended ones are filled in", () => {
    expect(checkDraft(recommendedDraft(emptyDraft(), status(config)), status(config)).patch).not.toHaveProperty("writeProtection");
  });
});

describe("words", () => {
  it("name fields and flags, and keep what they don't know", () => {
    const sl = new Translator("sl");
    expect([fieldName(sl, "taxNumber"), fieldName(sl, "colour")]).toEqual(["Davčna številka", "colour"]);
    expect([valueText(sl, "sellable", "true"), valueText(sl, "service", "false"), valueText(sl, "name", "true")]).toEqual(["Da", "Ne", "true"]);
  });
});

describe("the client of the lists", () => {
  afterEach(() => vi.unstubAllGlobals());
  const answering = (body: unknown) => {
    const fetch = vi.fn((_url: string, _init: RequestInit) =>
      Promise.resolve(new Response(JSON.stringify(body), { status: 202, headers: { "content-type": "application/json" } })));
    vi.stubGlobal("fetch", fetch);
    return fetch;
  };
  it("decides and tries again", async () => {
    const api = new Api("/base", () => "token");
    let fetch = answering({ conflict: null, run: null });
    expect(await api.decide("contacts.17", { phone: "crm" })).toBeNull();
    expect(fetch.mock.calls[0]![0]).toBe("/base/conflicts/contacts.17");
    expect(JSON.parse(String(fetch.mock.calls[0]![1].body))).toEqual({ resolution: { phone: "crm" } });
    fetch = answering({ record: {}, run: null });
    await api.retry("inventory.metakocka.1_2");
    expect(fetch.mock.calls[0]![0]).toBe("/base/quarantine/inventory.metakocka.1_2/retry");
  });
});
