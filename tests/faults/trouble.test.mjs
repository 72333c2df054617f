// What goes wrong in the field, on the real programs: each ends in a clear message, nothing lost, nothing doubled.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { API, KEY, KINDS, Stack, until } from "../stack.mjs";

let stack;

async function activeCount(kind) {
  return (await stack.records(kind, "&active=true")).length;
}

describe("trouble with what the ERP answers", () => {
  before(async () => {
    stack = await Stack.start({ erp: { products: 2600, partners: 40, invoices: 60, seed: 2 } });
    await stack.syncAll();
  });
  after(() => stack.stop());
  // A fault that never fired would let its test pass for nothing.
  afterEach(async () => {
    const faults = await stack.admin("GET", "faults");
    await stack.admin("DELETE", "faults");
    for (const { kind, endpoint, fired } of faults.faults ?? faults.items ?? faults) {
      assert.ok(fired >= 1, `${kind} at ${endpoint} was never injected`);
    }
  });

  const passing = ["http500", "html200", "truncate", "drop", "bad_json", "retry_after", "hang"];
  for (const kind of passing) {
    it(`${kind}, once: the run goes on and ends well`, async () => {
      await stack.admin("POST", "faults", { endpoint: "json/product_list", kind, count: 1, afterCalls: 1, ms: 1000 });
      const run = await stack.sync("products");
      assert.equal(run.state, "succeeded", run.error);
      assert.equal(run.counts.unchanged, 2600);
      assert.ok(run.retries >= 1);
    });
  }

  it("an answer that drips in is waited for", async () => {
    await stack.admin("POST", "faults", { endpoint: "json/warehouse_list", kind: "drip", count: 1, ms: 5 });
    await stack.admin("POST", "faults", { endpoint: "json/warehouse_stock", kind: "slow", count: 1, ms: 500 });
    const run = await stack.sync("inventory");
    assert.equal(run.state, "succeeded", run.error);
    assert.equal(run.counts.updated + run.counts.deactivated, 0);
  });

  it("what somebody changed or deleted in the CRM is put right by a full sync", async () => {
    const [edited, deleted] = await stack.records("inventory");
    await stack.call("PATCH", `/api/inventory/${edited.id}`, { amount: "12345" });
    await stack.call("DELETE", `/api/inventory/${deleted.id}`);
    const run = await stack.sync("inventory", "full");
    assert.deepEqual([run.counts.updated, run.counts.created], [1, 1], JSON.stringify(run));
    const now = (await stack.records("inventory")).find((record) => record.id === edited.id);
    assert.equal(now.amount, edited.amount);
  });

  it("another company is refused while records of this one are linked", async () => {
    await assert.rejects(stack.connect({ companyId: "2", secretKey: "sim-secret-key-2" }), { status: 409 });
    assert.equal((await stack.api("GET", "/credentials")).companyId, "1");
  });

  it("a pricelist that does not exist changes no price", async () => {
    await stack.api("POST", "/auto-sync", { filters: { products: { pricelist: "no such list" } } });
    const run = await stack.sync("products");
    assert.equal(run.state, "failed");
    assert.match(run.error, /no such list/);
    assert.equal(run.counts.updated, 0);
    await stack.api("POST", "/auto-sync", { filters: { products: { pricelist: null } } });
  });

  it("an empty list deactivates nothing", async () => {
    const active = await activeCount("products");
    await stack.admin("POST", "faults", { endpoint: "json/product_list", kind: "empty", count: -1 });
    const run = await stack.sync("products");
    assert.notEqual(run.state, "succeeded");
    assert.equal(run.counts.deactivated, 0);
    assert.equal(await activeCount("products"), active);
  });

  it("rows that shift between pages are not lost", async () => {
    await stack.admin("POST", "faults", { endpoint: "json/product_list", kind: "shift", count: -1 });
    const run = await stack.sync("products");
    assert.equal(run.counts.deactivated, 0);
    assert.equal(run.counts.records, 2600, JSON.stringify(run));
  });

  it("a quota backs off and keeps the checkpoint", async () => {
    await stack.admin("POST", "faults", { endpoint: "json/product_list", kind: "quota", count: -1, afterCalls: 1 });
    const run = await stack.sync("products");
    assert.equal(run.state, "failed");
    assert.equal(run.errorKind, "quota");
    assert.equal(run.counts.records, 1000);
    await stack.admin("DELETE", "faults");
    const next = await stack.sync("products");
    assert.equal(next.state, "succeeded");
    assert.ok(next.counts.records < 2600, "it goes on where the other stopped");
  });

  it("what is deleted in the ERP becomes inactive, never deleted; so does what is switched off there", async () => {
    const [bill] = (await stack.truth("documents")).filter((document) => document.kind === "domestic");
    await stack.admin("DELETE", `companies/1/documents/${bill.mkId}`);
    const used = new Set((await stack.truth("documents")).flatMap((document) => document.lines.map((line) => line.productMkId)));
    const products = (await stack.truth("products")).filter((product) => product.active && !used.has(product.mkId));
    await stack.admin("DELETE", `companies/1/products/${products[0].mkId}`);
    await stack.admin("PATCH", `companies/1/products/${products[1].mkId}`, { active: false });
    const runs = { products: await stack.sync("products"), invoices: await stack.sync("invoices") };
    assert.equal(runs.products.counts.deactivated, 1, JSON.stringify(runs.products));
    assert.equal(runs.products.counts.updated, 1);
    assert.equal(runs.invoices.counts.deactivated, 1, JSON.stringify(runs.invoices));
    const find = async (kind, id) => (await stack.records(kind)).find((record) => record.external.metakocka === id);
    assert.equal((await find("products", products[0].mkId)).active, false);
    assert.equal((await find("products", products[1].mkId)).active, false);
    assert.equal((await find("invoices", bill.mkId)).active, false);
  });

  it("removing 30 % trips the guard", async () => {
    const active = await activeCount("products");
    await stack.admin("DELETE", "companies/1/products?percent=30&seed=1");
    const run = await stack.sync("products");
    assert.equal(run.state, "held");
    assert.match(run.error, /deleteGuard/);
    assert.equal(await activeCount("products"), active);
    await stack.api("POST", "/auto-sync", { deleteGuard: { maxPercent: 100, maxRecords: 5000 } });
    assert.equal((await stack.sync("products")).state, "succeeded");
    assert.ok((await activeCount("products")) < active);
  });
});

describe("trouble with the connection", () => {
  before(async () => {
    stack = await Stack.start({ connect: false });
  });
  after(() => stack.stop());

  it("a wrong key pauses the timers after at most 3 calls and says so", async () => {
    await stack.connect({ secretKey: "not the key" });
    await stack.admin("POST", "counters/reset");
    await stack.api("POST", "/auto-sync", { enabled: true });
    const status = await until("auth_failed", async () => {
      const now = await stack.api("GET", "/auto-sync");
      return now.connection.state === "auth_failed" && now;
    });
    for (const kind of KINDS) assert.equal(status.types[kind].state, "paused");
    assert.ok(status.connection.message);
    const { authFailures } = await stack.admin("GET", "counters?company=1");
    assert.ok(authFailures <= 3, `${authFailures} calls with a wrong key`);
    const test = await stack.api("POST", "/credentials/test");
    assert.deepEqual([test.ok, test.reason], [false, "invalid_credentials"]);
  });

  it("a certificate nobody vouches for, and a wrong host name, are refused", async () => {
    const given = { companyId: "1", secretKey: KEY, baseUrl: stack.erpUrl };
    const unknown = await stack.api("POST", "/credentials/test", given);
    assert.deepEqual([unknown.ok, unknown.reason], [false, "tls"], unknown.message);
    const elsewhere = await stack.erpAt("127.0.0.2:0");
    const name = await stack.api("POST", "/credentials/test",
      { ...given, baseUrl: elsewhere.url, caCertificate: stack.erpCa });
    await elsewhere.stop();
    assert.deepEqual([name.ok, name.reason], [false, "tls"], name.message);
    const good = await stack.api("POST", "/credentials/test", { ...given, caCertificate: stack.erpCa });
    assert.equal(good.ok, true, good.message);
  });

  it("after the right key everything syncs by itself", async () => {
    await stack.connect();
    await until("all four kinds in step", async () => {
      const { types } = await stack.api("GET", "/auto-sync");
      return KINDS.every((kind) => types[kind].lastRun?.state === "succeeded" && types[kind].state === "idle");
    });
    const { activeTimers } = await stack.api("GET", "/auto-sync");
    assert.deepEqual([...activeTimers].sort(), [...KINDS].sort());
  });

  it("DELETE stops the timers; a manual run still works", async () => {
    const status = await stack.api("DELETE", "/auto-sync");
    assert.equal(status.enabled, false);
    assert.deepEqual(status.activeTimers, []);
    assert.equal((await stack.sync("products")).state, "succeeded");
  });

  it("refuses bad settings with every path and changes nothing", async () => {
    const before = (await stack.api("GET", "/auto-sync")).config;
    const answer = await stack.raw("POST", `${API}/auto-sync`, { intervals: { products: 0, invoices: 20 }, direction: { inventory: "bidirectional" }, nonsense: 1 });
    assert.equal(answer.status, 400);
    assert.match(answer.headers.get("content-type"), /application\/problem\+json/);
    const problem = await answer.json();
    assert.deepEqual(problem.errors.map((error) => error.path).sort(), ["direction.inventory", "intervals.products", "nonsense"]);
    assert.deepEqual((await stack.api("GET", "/auto-sync")).config, before);
  });

  it("keeps the secret key out of every file, answer and argument", async () => {
    const answers = JSON.stringify([await stack.api("GET", "/credentials"), await stack.api("GET", "/auto-sync"),
      await stack.api("GET", "/logs?limit=1000")]);
    assert.ok(!answers.includes(KEY));
    assert.ok(!execFileSync("ps", ["-o", "args=", "-p", String(stack.host.child.pid)], { encoding: "utf8" }).includes(KEY));
    const search = async (folder) => {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) await search(path);
        else if (entry.isFile()) assert.ok(!(await readFile(path)).includes(KEY), `${path} holds the secret key`);
      }
    };
    await search(stack.data);
  });
});

describe("kill -9 in the middle of a first sync", () => {
  const SIZES = { products: 4000, partners: 200, invoices: 400, seed: 5, latency: 60 };
  // In which run, and after how many of its calls: every kind is hit, one run twice.
  const KILLS = [["contacts", 3], ["products", 1], ["products", 2], ["invoices", 2], ["invoices", 4], ["inventory", 2]];

  it("ends in the same state as without, with no duplicate, each run going on under its own id", async () => {
    stack = await Stack.start({ erp: SIZES });
    try {
      await stack.api("POST", "/auto-sync", { enabled: true });
      const killed = [];
      for (const [kind, calls] of KILLS) {
        const run = await until(`a ${kind} run with ${calls} calls`, async () => {
          const { currentRun, lastRun } = (await stack.api("GET", "/auto-sync")).types[kind];
          if (lastRun) throw new Error(`the ${kind} run was over before it could be killed`);
          return currentRun?.state === "running" && currentRun.calls >= calls && currentRun;
        });
        killed.push(run);
        await stack.restartHost();
        assert.equal((await stack.api("GET", `/runs/${run.id}`)).finishedAt, null, `${kind}: the kill came too late`);
      }
      await until("all in step", async () => {
        const { types } = await stack.api("GET", "/auto-sync");
        return KINDS.every((kind) => types[kind].lastSuccessAt && types[kind].state === "idle");
      }, 120_000);
      for (const { id, type } of killed) {
        const run = await stack.api("GET", `/runs/${id}`);
        assert.equal(run.state, "succeeded", `${type}: ${run.error}`);
        if (!["products", "invoices"].includes(type)) continue; // the others have to read their whole list again
        const { items } = await stack.api("GET", `/logs?run=${id}&q=from%20its%20checkpoint`);
        assert.ok(items.length >= 1, `the ${type} run went on from its checkpoint`);
      }
      const expected = {
        products: (await stack.truth("products")).map((product) => product.mkId),
        contacts: (await stack.truth("partners")).map((partner) => partner.mkId),
        invoices: (await stack.truth("documents")).filter((d) => !["order", "offer"].includes(d.kind)).map((d) => d.mkId),
        inventory: (await stack.truth("stock")).map((stock) => `${stock.productMkId}/${stock.warehouseMkId}`),
      };
      for (const kind of KINDS) {
        const records = await stack.records(kind);
        assert.deepEqual(records.map((record) => record.external.metakocka).sort(), expected[kind].sort(), kind);
      }
      // Nothing was left for a full run to put right.
      for (const [kind, { counts }] of Object.entries(await stack.syncAll("full"))) {
        assert.deepEqual([counts.created, counts.updated, counts.quarantined], [0, 0, 0], kind);
      }
    } finally {
      await stack.stop();
    }
  });
});
