import { afterEach, describe, expect, it, vi } from "vitest";
import { webhookAddress } from "../src/panel/webhook-help.js";
import { Api, ApiError, queryString } from "../src/api.js";
import { NO_FILTERS, isFiltered, rangeIsBackwards, toQuery } from "../src/logs/filters.js";
import { INTERVAL, capabilities, checkDraft, emptyDraft, recommendedDraft, wholeNumber } from "../src/settings.js";
import { activeTimers, anyBusy, readProblem, readProgress, verdict } from "../src/status.js";
import { KINDS, type AutoSync, type KindStatus } from "../src/types.js";

function status(change: Partial<AutoSync> = {}, kinds: Partial<KindStatus> = {}): AutoSync {
  const one = (): KindStatus => ({
    direction: "metakocka_to_crm", intervalMinutes: 30, state: "idle", lastSuccessAt: "2026-11-24T08:00:00Z",
    lastRun: { id: "1", state: "succeeded" }, ...kinds,
  });
  return {
    enabled: true, isRunning: false, connection: { state: "ok" }, errors: [], activeTimers: [],
    config: {
      intervals: { products: 30, invoices: 15, contacts: 60, inventory: 10 },
      direction: { products: "metakocka_to_crm", invoices: "metakocka_to_crm", contacts: "metakocka_to_crm", inventory: "metakocka_to_crm" },
      realTimeEnabled: true, webhooksEnabled: false, deleteGuard: { maxPercent: 10, maxRecords: 50 },
    },
    types: Object.fromEntries(KINDS.map((k) => [k, one()])),
    ...change,
  };
}

describe("intervals", () => {
  it.each([["1", 1], [" 30 ", 30], ["1440", 1440]])("accept %s", (text, value) => expect(wholeNumber(text, INTERVAL)).toBe(value));
  it.each(["", "0", "1441", "-5", "1.5", "1,5", "1e2", "ten", "99999999999"])("refuse %s", (text) => expect(wholeNumber(text, INTERVAL)).toBeNull());
});

describe("a draft", () => {
  it("is unchanged when it equals what is saved", () => {
    expect(checkDraft({ ...emptyDraft(), intervals: { products: "30" } }, status())).toMatchObject({ patch: {}, changed: false });
  });
  it("sends only what changed", () => {
    const draft = { ...emptyDraft(), intervals: { products: "45", invoices: "15" }, maxRecords: "60" };
    expect(checkDraft(draft, status()).patch).toEqual({ intervals: { products: 45 }, deleteGuard: { maxRecords: 60 } });
  });
  it("names what is invalid by its path", () => {
    const draft = { ...emptyDraft(), intervals: { products: "0", contacts: "x" }, maxPercent: "101" };
    const check = checkDraft(draft, status());
    expect([...check.invalid]).toEqual(["intervals.products", "intervals.contacts", "deleteGuard.maxPercent"]);
    expect(check.patch).toEqual({});
  });
  it("is filled with recommended values that this version offers", () => {
    const draft = recommendedDraft(emptyDraft(), status());
    expect(draft.intervals).toEqual({ products: "30", invoices: "15", contacts: "60", inventory: "10" });
    expect(draft.direction.contacts).toBe("metakocka_to_crm");
    const later = status();
    later.config!.available = { direction: { contacts: ["metakocka_to_crm", "bidirectional"] }, realTime: true };
    expect(recommendedDraft(emptyDraft(), later)).toMatchObject({ direction: { contacts: "bidirectional" }, realTimeEnabled: true });
  });
});

describe("capabilities", () => {
  it("are the least when the server says nothing", () => {
    expect(capabilities(undefined)).toMatchObject({ direction: { contacts: ["metakocka_to_crm"] }, realTime: false, webhooks: false });
  });
  it("are what the server says, in our order, without what we don't know", () => {
    const said = { direction: { contacts: ["bidirectional", "sideways", "metakocka_to_crm"] as never }, webhooks: true };
    expect(capabilities({ available: said })).toMatchObject({ direction: { contacts: ["metakocka_to_crm", "bidirectional"] }, webhooks: true });
    expect(capabilities({ capabilities: said }).webhooks).toBe(true);
  });
});

describe("the verdict", () => {
  it.each([
    ["ok", {}, {}],
    ["unconfigured", { connection: { state: "unconfigured" } }, {}],
    ["auth_failed", { connection: { state: "auth_failed" } }, { state: "paused" }],
    ["unreachable", { connection: { state: "unreachable" } }, {}],
    ["held", {}, { lastRun: { id: "1", state: "held" } }],
    ["running", { isRunning: true }, {}],
    ["running", {}, { state: "queued" }],
    ["failing", {}, { lastRun: { id: "1", state: "partial" } }],
    ["review", {}, { quarantined: 1 }],
    ["review", {}, { conflicts: 1 }],
    ["off", { enabled: false }, { state: "off" }],
    ["waiting", {}, { lastSuccessAt: null, lastRun: null }],
  ] as const)("is %s", (says, change, kinds) => {
    expect(verdict(status(change as Partial<AutoSync>, kinds as Partial<KindStatus>))).toBe(says);
  });
});

describe("reading the status", () => {
  it("knows progress in its forms", () => {
    expect(readProgress(0.25)).toEqual({ done: null, total: null, fraction: 0.25 });
    expect(readProgress({ records: 50, total: 200 })).toEqual({ done: 50, total: 200, fraction: 0.25 });
    expect(readProgress({ done: 50, total: null })).toEqual({ done: 50, total: null, fraction: null });
    expect(readProgress({ records: 5, total: 0 })).toEqual({ done: 5, total: null, fraction: null });
    expect(readProgress(null)).toEqual({ done: null, total: null, fraction: null });
  });
  it("knows problems in their forms", () => {
    expect(readProblem("broken")?.message).toBe("broken");
    expect(readProblem({ type: "invoices", reason: "tls", message: "m" })).toMatchObject({ kind: "invoices", reason: "tls" });
    expect(readProblem(null)).toBeNull();
    expect(readProblem({})).toBeNull();
  });
  it("knows timers by name or as objects", () => {
    expect(activeTimers(status({ activeTimers: ["contacts", "products"] }))).toEqual(["products", "contacts"]);
    expect(activeTimers(status({ activeTimers: [{ type: "inventory" }] }))).toEqual(["inventory"]);
  });
  it("is busy when anything is", () => {
    expect(anyBusy(status())).toBe(false);
    expect(anyBusy(status({}, { state: "queued" }))).toBe(true);
  });
});

describe("log filters", () => {
  it("leave out what is empty", () => {
    expect(queryString(toQuery({ ...NO_FILTERS }))).toBe("");
    expect(isFiltered({ ...NO_FILTERS, q: "  " })).toBe(false);
    expect(queryString(toQuery({ ...NO_FILTERS, type: "contacts", q: "č & š" }))).toBe("?type=contacts&q=%C4%8D+%26+%C5%A1");
  });
  it("send times in UTC", () => {
    const local = "2026-11-24T09:00";
    expect(toQuery({ ...NO_FILTERS, from: local })["from"]).toBe(new Date(local).toISOString());
  });
  it("notice a backwards range", () => {
    expect(rangeIsBackwards({ ...NO_FILTERS, from: "2026-11-24T09:00", to: "2026-11-24T08:00" })).toBe(true);
    expect(rangeIsBackwards({ ...NO_FILTERS, from: "2026-11-24T09:00" })).toBe(false);
  });
});

describe("the client", () => {
  afterEach(() => vi.unstubAllGlobals());
  const answering = (status: number, body: unknown, type = "application/json") => {
    const fetch = vi.fn((_url: string, _init: RequestInit) =>
      Promise.resolve(new Response(body === null ? null : JSON.stringify(body), { status, headers: { "content-type": type } })));
    vi.stubGlobal("fetch", fetch);
    return fetch;
  };

  it("carries the CSRF token when it changes something, not when it reads", async () => {
    const api = new Api("/base/", () => "token");
    let fetch = answering(200, {});
    await api.configure({ enabled: true });
    expect(fetch.mock.calls[0]![0]).toBe("/base/auto-sync");
    expect(fetch.mock.calls[0]![1]).toMatchObject({ method: "POST", credentials: "same-origin", headers: { "X-CSRF-Token": "token" } });
    fetch = answering(200, {});
    await api.autoSync();
    expect(fetch.mock.calls[0]![1].headers).not.toHaveProperty("X-CSRF-Token");
  });

  it("tests the stored credentials without a body", async () => {
    const fetch = answering(200, { ok: true });
    await new Api("", () => "").testCredentials();
    expect(fetch.mock.calls[0]![1].body).toBeNull();
    expect(fetch.mock.calls[0]![1].headers).not.toHaveProperty("Content-Type");
  });

  it("takes an empty answer to a change", async () => {
    answering(204, null);
    expect(await new Api("", () => "").stop()).toBeNull();
  });

  it.each([[401, "signed_out"], [403, "forbidden"], [400, "invalid"], [500, "server"]])("turns %i into %s", async (code, kind) => {
    answering(code, { title: "t", detail: "d", errors: [{ path: "intervals.products", message: "m" }] }, "application/problem+json");
    const error = await new Api("", () => "").configure({}).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ kind, detail: "d", fields: [{ path: "intervals.products", message: "m" }] });
  });

  it("tells a lost connection from a refusal", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));
    await expect(new Api("", () => "").autoSync()).rejects.toMatchObject({ kind: "network" });
  });
});

describe("the webhook's address", () => {
  it("is whole, whether the host mounts the module below its own address or elsewhere", () => {
    const page = "https://crm.example.com/settings/integrations/metakocka?x=1#y";
    expect(webhookAddress("/api/integrations/metakocka/webhook", page)).toBe("https://crm.example.com/api/integrations/metakocka/webhook");
    expect(webhookAddress("https://api.example.com/mk/webhook", page)).toBe("https://api.example.com/mk/webhook");
  });
});
