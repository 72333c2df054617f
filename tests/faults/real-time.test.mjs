// Webhooks and looks at single records, on the real programs.
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { API, COMPANY, Stack, until } from "../stack.mjs";

const SECRET = "a secret of the webhook";
const ACCEPTED = { check_respond_status_json_ok: "true", status: "ok" };
let stack;
let stock;  // one row that both sides have

const sign = (body, secret = SECRET) => createHmac("sha1", secret).update(body).digest("base64");

/** Posts a webhook as the ERP would, but for what `changes` says. */
async function post(body, { id = randomUUID(), event = "warehouse_product_stock_update", signature = sign(body), ...headers } = {}) {
  const answer = await fetch(stack.url + API + "/webhook", {
    method: "POST",
    headers: {
      "content-type": "application/json;charset=UTF-8",
      "x-metakocka-event": event, "x-metakocka-id": id, "x-metakocka-signature": signature, ...headers,
    },
    body,
  });
  return { status: answer.status, body: await answer.json(), type: answer.headers.get("content-type") };
}

const event = (...products) => JSON.stringify({ opr_code: "0", stock_list: products.map((mk_id) => ({ mk_id })) });

/** Lets the ERP itself send the event. */
const fire = (productMkIds, more = {}) =>
  stack.admin("POST", "webhook", { company: COMPANY, url: stack.url + API + "/webhook", secret: SECRET, productMkIds, ...more });

const setAmount = (row, amount) =>
  stack.admin("PUT", `companies/${COMPANY}/stock/${row.productMkId}/${row.warehouseMkId}`, { amount: String(amount), reserved: "0" });

const externalId = (row) => `${row.productMkId}/${row.warehouseMkId}`;

async function crmAmount(row) {
  return (await stack.records("inventory")).find(({ external }) => external.metakocka === externalId(row))?.amount;
}

const arrives = (row, amount) => until(`${externalId(row)} is ${amount}`, async () => (await crmAmount(row)) === String(amount));

const lookedAt = () => stack.api("GET", "/runs?type=inventory&limit=500")
  .then(({ items }) => items.filter(({ trigger }) => trigger === "webhook"));

const quiet = () => until("all is quiet", async () => !(await stack.api("GET", "/auto-sync")).isRunning);

/** Every stock row equals the ERP's. */
async function checkStock() {
  const truth = new Map((await stack.truth("stock")).map((row) => [externalId(row), row]));
  const records = (await stack.records("inventory")).filter(({ active }) => active);
  assert.equal(records.length, truth.size);
  for (const record of records) {
    const row = truth.get(record.external.metakocka);
    assert.deepEqual([record.amount, record.reserved, record.free], [row.amount, row.reserved ?? null, row.free ?? null],
      record.external.metakocka);
  }
}

describe("webhooks", () => {
  before(async () => {
    stack = await Stack.start({ erp: { products: 60, partners: 10, invoices: 10, seed: 11 }, connect: false });
    await stack.connect({ webhookSecret: SECRET });
    await stack.syncAll();
    [stock] = await stack.truth("stock");
  });
  after(() => stack.stop());

  it("are refused while they are switched off, which is the default", async () => {
    assert.equal((await stack.api("GET", "/auto-sync")).config.webhooksEnabled, false);
    const answer = await post(event(stock.productMkId));
    assert.equal(answer.status, 403);
    assert.match(answer.type, /application\/problem\+json/);
    assert.match(answer.body.detail, /webhooksEnabled/);
    const { config } = await stack.api("POST", "/auto-sync", { webhooksEnabled: true });
    assert.equal(config.webhooksEnabled, true);
    assert.equal(config.available.webhooks, true);
  });

  it("change the CRM's stock at once, by a run of their own", async () => {
    const before = await stack.api("GET", "/auto-sync");
    await setAmount(stock, 4711);
    const sent = await fire([stock.productMkId]);
    assert.equal(sent.status, 200);
    assert.equal(sent.accepted, true);
    assert.deepEqual(JSON.parse(sent.body), ACCEPTED);
    await arrives(stock, 4711);
    await quiet();
    const [run] = await lookedAt();
    assert.deepEqual([run.state, run.trigger, run.type], ["succeeded", "webhook", "inventory"]);
    assert.equal(run.counts.updated, 1);
    assert.equal(run.counts.records, run.counts.updated + run.counts.unchanged + run.counts.created);
    const { items } = await stack.api("GET", `/runs/${run.id}/records?bucket=updated`);
    assert.ok(items[0].changes.some(({ field, after }) => field === "amount" && after === "4711"), JSON.stringify(items));
    // The timers' books are their own.
    const now = (await stack.api("GET", "/auto-sync")).types.inventory;
    assert.deepEqual([now.lastRun.id, now.nextRunAt], [before.types.inventory.lastRun.id, before.types.inventory.nextRunAt]);
  });

  it("are taken once for each id, also after a restart", async () => {
    const id = randomUUID();
    await setAmount(stock, 1);
    await fire([stock.productMkId], { id });
    await arrives(stock, 1);
    await quiet();
    const runs = (await lookedAt()).length;
    await setAmount(stock, 2);
    await stack.restartHost();
    for (let i = 0; i < 3; ++i) assert.equal((await fire([stock.productMkId], { id })).accepted, true);
    await quiet();
    assert.equal((await lookedAt()).length, runs);
    assert.equal(await crmAmount(stock), "1");
    await fire([stock.productMkId]);
    await arrives(stock, 2);
  });

  it("with a wrong signature change nothing, and the log tells of them without their body", async () => {
    const runs = (await lookedAt()).length;
    const body = JSON.stringify({ stock_list: [{ mk_id: stock.productMkId, title: "never to be logged" }] });
    const wrong = [
      sign(body, "another secret"), sign(body + " "), "", "x", sign(body).slice(0, -1), sign(body) + "=",
      createHmac("sha256", SECRET).update(body).digest("base64"), sign(body).toLowerCase(),
    ];
    for (const signature of wrong) {
      const answer = await post(body, { signature });
      assert.equal(answer.status, 401, signature);
      assert.match(answer.type, /application\/problem\+json/);
    }
    await quiet();
    assert.equal((await lookedAt()).length, runs);
    const { items } = await stack.api("GET", "/logs?operation=webhook&level=warning");
    assert.equal(items.length, 1, "one line however often somebody knocks");
    const everything = JSON.stringify((await stack.api("GET", "/logs?limit=1000")).items);
    assert.ok(!everything.includes("never to be logged") && !everything.includes(SECRET));
  });

  it("that are no stock event are refused or passed over", async () => {
    const runs = (await lookedAt()).length;
    for (const body of ["", "{", "[]", "null", '{"stock_list":"x"}', "\u0000"]) assert.equal((await post(body)).status, 400, body);
    for (const id of ["", "x".repeat(201), "a b"]) assert.equal((await post(event(stock.productMkId), { id })).status, 400);
    assert.deepEqual((await post(event(stock.productMkId), { event: "something_new" })).body, ACCEPTED);
    assert.deepEqual((await post(event())).body, ACCEPTED);
    assert.deepEqual((await post(event("1,2", "x", "", {}))).body, ACCEPTED);
    const big = JSON.stringify({ stock_list: [], padding: "x".repeat(1024 * 1024) });
    assert.equal((await post(big)).status, 413);
    assert.equal((await post(big.slice(0, 100) + "x")).status, 400);
    const fits = JSON.stringify({ stock_list: [], padding: "" });
    assert.equal((await post(fits.replace('""', `"${"x".repeat(1024 * 1024 - fits.length)}"`))).status, 200);
    await quiet();
    assert.equal((await lookedAt()).length, runs);
  });

  it("need no session: a cookie, a token or Basic credentials change nothing", async () => {
    const logIn = await fetch(stack.url + "/api/session", {
      method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ user: "admin", password: "a password for tests" }),
    });
    const cookie = logIn.headers.get("set-cookie").split(";")[0];
    for (const headers of [{ cookie }, { authorization: "Basic YTpi" }, { authorization: `Bearer ${stack.token}` }]) {
      assert.equal((await post(event(), headers)).status, 200, JSON.stringify(headers));
      assert.equal((await post(event(), { ...headers, signature: "x" })).status, 401, JSON.stringify(headers));
    }
  });

  it("rule 12: late, doubled and reordered ones end where polling ends", async () => {
    const rows = (await stack.truth("stock")).slice(0, 12);
    const events = [];
    for (let i = 0; i < 40; ++i) {
      const row = rows[(i * 7) % rows.length];
      await setAmount(row, 100 + i);
      events.push({ body: event(row.productMkId), id: `event-${i}` });
    }
    // Each arrives twice, in another order, several at a time.
    const sent = [...events, ...events].sort((a, b) => sign(a.id + a.body).localeCompare(sign(b.id + b.body)));
    const answers = await Promise.all(sent.map(({ body, id }) => post(body, { id })));
    for (const { body } of answers) assert.deepEqual(body, ACCEPTED);
    await until("all have arrived", async () => {
      await checkStock();
      return true;
    });
    await quiet();
    const run = await stack.sync("inventory");
    assert.deepEqual([run.counts.updated, run.counts.created, run.counts.deactivated], [0, 0, 0]);
  });

  it("that are lost are made up for by polling", async () => {
    const [, other] = (await stack.truth("stock")).filter(({ productMkId }) => productMkId !== stock.productMkId);
    await setAmount(stock, 31);
    await setAmount(other, 32);
    await fire([stock.productMkId]);
    await arrives(stock, 31);
    assert.notEqual(await crmAmount(other), "32");
    const run = await stack.sync("inventory");
    assert.equal(run.counts.updated, 1);
    await checkStock();
  });

  it("that could not be carried out because the ERP was down are carried out later", async () => {
    await stack.admin("POST", "faults", { endpoint: "json/warehouse_stock", kind: "http500", count: 4 });
    await setAmount(stock, 77);
    await fire([stock.productMkId]);
    await until("the ERP was asked in vain", async () =>
      (await lookedAt()).some(({ state, finishedAt }) => state === "failed" && finishedAt));
    assert.notEqual(await crmAmount(stock), "77");
    await arrives(stock, 77);
    await stack.admin("DELETE", "faults");
  });

  it("that were taken survive a crash of the host", async () => {
    await stack.admin("POST", "faults", { endpoint: "json/warehouse_stock", kind: "slow", count: 1, ms: 5000 });
    await setAmount(stock, 88);
    await fire([stock.productMkId]);
    await until("it is being looked at", async () => (await lookedAt())[0].state === "running");
    await stack.restartHost();
    await arrives(stock, 88);
    assert.ok((await lookedAt()).some(({ state }) => state === "cancelled"));
    await stack.admin("DELETE", "faults");
  });

  it("do not wait for a long run of another kind", async () => {
    await stack.admin("POST", "faults", { endpoint: "search", kind: "slow", count: -1, ms: 700 });
    const { runs: [long] } = await stack.api("POST", "/runs", { types: ["invoices"], mode: "full" });
    await until("it runs", async () => (await stack.api("GET", `/runs/${long.id}`)).state === "running");
    await setAmount(stock, 99);
    await fire([stock.productMkId]);
    await arrives(stock, 99);
    assert.equal((await stack.api("GET", `/runs/${long.id}`)).state, "running");
    await stack.admin("DELETE", "faults");
    assert.equal((await stack.finished(long.id)).state, "succeeded");
  });

  it("need the webhook's secret, which is kept when the key is entered anew and never shown", async () => {
    await stack.connect();
    assert.equal((await stack.api("GET", "/credentials")).webhookSecret, true);
    assert.equal((await post(event())).status, 200);
    const shown = await stack.connect({ webhookSecret: null });
    assert.equal(shown.webhookSecret, false);
    const answer = await post(event());
    assert.equal(answer.status, 403);
    assert.match(answer.body.detail, /secret/);
    await stack.connect({ webhookSecret: SECRET });
    assert.ok(!JSON.stringify(await stack.api("GET", "/credentials")).includes(SECRET));
    assert.equal((await post(event())).status, 200);
  });
});

describe("looking at one record", () => {
  let product;
  const look = (kind, id) => stack.api("GET", `/live/${kind}/${id}`);
  const counters = () => stack.admin("GET", `counters?company=${COMPANY}`);
  const calls = async (endpoint) => (await counters()).calls[endpoint] ?? 0;
  const one = async (kind) => (await stack.records(kind, "&active=true"))[0];

  before(async () => {
    stack = await Stack.start({ erp: { products: 60, partners: 10, invoices: 20, seed: 12 } });
    await stack.syncAll();
    product = (await stack.records("products")).find(({ code, active }) => code && active);
  });
  after(() => stack.stop());
  beforeEach(() => stack.admin("DELETE", "faults"));

  const truth = (kind, id) => stack.admin("GET", `companies/${COMPANY}/${kind}/${id}`);

  it("answers each kind as the CRM has it when nothing changed, and writes nothing", async () => {
    const runs = (await stack.api("GET", "/runs?limit=500")).items.length;
    for (const kind of ["contacts", "products", "invoices", "inventory"]) {
      const record = await one(kind);
      const seen = await look(kind, record.id);
      assert.deepEqual([seen.kind, seen.id, seen.externalId, seen.stale, seen.applied, seen.reason],
        [kind, record.id, record.external.metakocka, false, true, null]);
      const { id, external, custom, createdAt, updatedAt, ...fields } = record;
      assert.deepEqual(seen.record, fields, kind);
      assert.equal((await stack.call("GET", `/api/${kind}/${id}`)).updatedAt, updatedAt);
    }
    assert.equal((await stack.api("GET", "/runs?limit=500")).items.length, runs);
  });

  it("takes what changed over before it answers", async () => {
    await stack.admin("PATCH", `companies/${COMPANY}/products/${product.external.metakocka}`, { name: "Fresh from the ERP" });
    const seen = await look("products", product.id);
    assert.deepEqual([seen.record.name, seen.stale, seen.applied], ["Fresh from the ERP", false, true]);
    assert.equal((await stack.call("GET", `/api/products/${product.id}`)).name, "Fresh from the ERP");
    const [run] = (await stack.api("GET", "/runs?type=products&limit=1")).items;
    assert.deepEqual([run.trigger, run.counts.records, run.counts.updated], ["manual", 1, 1]);
    const stockRow = await one("inventory");
    const [productMkId, warehouseMkId] = stockRow.external.metakocka.split("/");
    await setAmount({ productMkId, warehouseMkId }, 12345);
    assert.equal((await look("inventory", stockRow.id)).record.amount, "12345");
    assert.equal((await stack.call("GET", `/api/inventory/${stockRow.id}`)).amount, "12345");
  });

  it("shares one call among those who ask at the same time", async () => {
    const contact = await one("contacts");
    await stack.admin("POST", "faults", { endpoint: "get_partner", kind: "slow", count: 1, ms: 1500 });
    const before = await calls("get_partner");
    const seen = await Promise.all(Array.from({ length: 12 }, () => look("contacts", contact.id)));
    for (const { stale, record } of seen) assert.deepEqual([stale, record.name], [false, contact.name]);
    assert.equal(await calls("get_partner") - before, 1);
  });

  it("answers the last known values, marked stale, when the ERP does not answer in 3 seconds", async () => {
    const contact = await one("contacts");
    for (const kind of ["hang", "slow", "drip"]) {
      await stack.admin("POST", "faults", { endpoint: "get_partner", kind, count: 1, ms: kind === "drip" ? 2000 : 20_000 });
      const from = Date.now();
      const seen = await look("contacts", contact.id);
      const took = Date.now() - from;
      assert.deepEqual([seen.stale, seen.record.name], [true, contact.name], kind);
      assert.match(seen.reason, /3 seconds/);
      assert.ok(took >= 2900 && took < 15_000, `${kind}: ${took} ms`);
      assert.ok(Date.parse(seen.readAt) <= Date.now());
      await stack.admin("DELETE", "faults");
    }
  });

  it("answers the last known values when the ERP fails, and changes nothing", async () => {
    for (const kind of ["http500", "html200", "drop", "truncate", "bad_json", "quota"]) {
      await stack.admin("POST", "faults", { endpoint: "json/product_list", kind, count: 1 });
      const seen = await look("products", product.id);
      assert.deepEqual([seen.stale, seen.record.name], [true, "Fresh from the ERP"], kind);
      assert.ok(seen.reason, kind);
      await stack.admin("DELETE", "faults");
    }
    assert.equal((await look("products", product.id)).stale, false);
  });

  it("tells of a record that the ERP does not have any more without touching it", async () => {
    const gone = (await stack.records("products")).findLast(({ active }) => active);
    await stack.admin("DELETE", `companies/${COMPANY}/products/${gone.external.metakocka}`);
    const seen = await look("products", gone.id);
    assert.equal(seen.stale, true);
    assert.match(seen.reason, /any more/);
    assert.equal((await stack.call("GET", `/api/products/${gone.id}`)).active, true);
  });

  it("does not wait for a long run, and never comes between a run of the same kind", async () => {
    await stack.admin("POST", "faults", { endpoint: "search", kind: "slow", count: -1, ms: 500 });
    const { runs: [invoices] } = await stack.api("POST", "/runs", { types: ["invoices"], mode: "full" });
    await until("it runs", async () => (await stack.api("GET", `/runs/${invoices.id}`)).state === "running");
    const contact = await one("contacts");
    await stack.admin("PATCH", `companies/${COMPANY}/partners/${contact.external.metakocka}`, { name: "Meanwhile" });
    assert.equal((await look("contacts", contact.id)).record.name, "Meanwhile");
    const bill = (await stack.records("invoices"))[0];
    assert.equal((await look("invoices", bill.id)).stale, false);
    assert.equal((await stack.api("GET", `/runs/${invoices.id}`)).state, "running");
    await stack.admin("DELETE", "faults");
    assert.equal((await stack.finished(invoices.id)).state, "succeeded");
    await until("the CRM has it", async () => (await stack.call("GET", `/api/contacts/${contact.id}`)).name === "Meanwhile");
  });

  it("refuses what is not there, and says when it is switched off", async () => {
    await assert.rejects(look("products", "999999999"), { status: 404 });
    await assert.rejects(look("orders", product.id), { status: 404 });
    assert.equal((await stack.api("POST", "/auto-sync", { realTimeEnabled: false })).config.realTimeEnabled, false);
    const before = await calls("json/product_list");
    await assert.rejects(look("products", product.id), (error) => error.status === 409 && /realTimeEnabled/.test(error.message));
    assert.equal(await calls("json/product_list"), before);
    await stack.api("POST", "/auto-sync", { realTimeEnabled: true });
    assert.equal((await look("products", product.id)).stale, false);
  });

  it("does not go on knocking with a key that is refused", async () => {
    await stack.admin("POST", `companies/${COMPANY}/secret`, { secretKey: "another" });
    const before = (await counters()).authFailures;
    for (let i = 0; i < 5; ++i) assert.equal((await look("products", product.id)).stale, true);
    assert.equal((await counters()).authFailures - before, 1);
    assert.equal((await stack.api("GET", "/auto-sync")).connection.state, "auth_failed");
    await stack.connect({ secretKey: "another" });
    assert.equal((await look("products", product.id)).stale, false);
  });
});
