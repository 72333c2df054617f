// Both directions on the real programs: what people change on either side arrives on the other, once.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { COMPANY, Stack, until } from "../stack.mjs";

const FIELDS = {
  contacts: ["name", "taxNumber", "registrationNumber", "email", "phone", "mobile", "street", "postNumber", "city", "country"],
  products: ["code", "name", "description", "unit", "barcode"],
};
const OF_ERP = { contacts: "partners", products: "products" };
const pick = (object, names) => Object.fromEntries(names.map((name) => [name, object[name] ?? null]));
let stack;

const erp = (kind, mkId) => stack.admin("GET", `companies/${COMPANY}/${OF_ERP[kind]}/${mkId}`);
const editErp = (kind, mkId, fields) => stack.admin("PATCH", `companies/${COMPANY}/${OF_ERP[kind]}/${mkId}`, fields);
const crm = (kind, id) => stack.call("GET", `/api/${kind}/${id}`);
const editCrm = (kind, id, fields) => stack.call("PATCH", `/api/${kind}/${id}`, fields);
const settings = (patch) => stack.api("POST", "/auto-sync", patch);
const writes = async () => (await stack.admin("GET", "writes")).writes;

// Every linked record is the same on both sides, and nothing is on one side twice.
async function equalOnBothSides(kind) {
  const truth = await stack.truth(OF_ERP[kind]);
  const records = (await stack.records(kind)).filter((record) => record.external.metakocka);
  const byId = new Map(records.map((record) => [record.external.metakocka, record]));
  assert.equal(byId.size, records.length, "two records carry one id");
  assert.deepEqual([...byId.keys()].sort(), truth.map((one) => one.mkId).sort());
  for (const one of truth) assert.deepEqual(pick(byId.get(one.mkId), FIELDS[kind]), pick(one, FIELDS[kind]), one.mkId);
}

async function atRest(kind) {
  const before = (await writes()).length;
  const run = await stack.sync(kind);
  assert.equal(run.state, "succeeded", run.error);
  assert.deepEqual([run.counts.created, run.counts.updated, run.counts.written], [0, 0, 0], JSON.stringify(run.counts));
  assert.equal((await writes()).length, before);
}

describe("both ways", () => {
  before(async () => {
    stack = await Stack.start({ erp: { products: 60, partners: 40, invoices: 30, seed: 5, latency: 3 } }); // a run takes long enough to be hit
    await stack.syncAll();
  });
  after(() => stack.stop());
  afterEach(() => stack.admin("DELETE", "faults"));

  it("is read-only until told otherwise", async () => {
    const [contact] = await stack.records("contacts");
    await editCrm("contacts", contact.id, { phone: "01 111 11 11" });
    await stack.sync("contacts");
    assert.equal((await writes()).length, 0);
    await stack.sync("contacts", "full"); // Metakocka's value is back
    assert.equal((await crm("contacts", contact.id)).phone, contact.phone);
  });

  it("contacts: edits of both sides meet, new ones arrive once, custom fields are left alone", async () => {
    await settings({ direction: { contacts: "bidirectional" } });
    assert.equal((await stack.sync("contacts")).state, "succeeded");
    const [one, two] = await stack.records("contacts");
    const custom = { note: "  čuvaj me  ", "x y": "\u{1F98A}" };
    await editCrm("contacts", one.id, { phone: "01 222 33 44", custom });
    await editErp("contacts", one.external.metakocka, { email: "novo@example.si" });
    await editErp("contacts", two.external.metakocka, { name: "Preimenovan d.o.o." });
    const made = await stack.call("POST", "/api/contacts", { name: "Čisto Nova d.o.o.", taxNumber: "SI99887766", email: "nova@example.si", isCompany: true, isCustomer: true });
    const run = await stack.sync("contacts");
    assert.equal(run.state, "succeeded", run.error);
    assert.equal(run.counts.written, 2, JSON.stringify(run.counts));
    assert.deepEqual(pick(await erp("contacts", one.external.metakocka), ["phone", "email"]), { phone: "01 222 33 44", email: "novo@example.si" });
    const met = await crm("contacts", one.id);
    assert.deepEqual([met.phone, met.email], ["01 222 33 44", "novo@example.si"]);
    assert.deepEqual(met.custom, custom);
    assert.equal((await crm("contacts", two.id)).name, "Preimenovan d.o.o.");
    const linked = await crm("contacts", made.id);
    assert.equal((await erp("contacts", linked.external.metakocka)).name, "Čisto Nova d.o.o.");
    await atRest("contacts");
    await equalOnBothSides("contacts");
    const { items } = await stack.api("GET", `/records/contacts/${one.id}/history`);
    assert.ok(items.some((item) => item.field === "phone" && item.side === "metakocka"), JSON.stringify(items));
  });

  it("a conflict waits for a person, blocks nothing, and is decided by side or by field", async () => {
    await settings({ conflictPolicy: { contacts: { default: "manual" } } });
    const [, , three, four, five] = await stack.records("contacts");
    for (const [record, text] of [[three, "a"], [four, "b"]]) {
      await editCrm("contacts", record.id, { name: `CRM ${text}`, email: `crm-${text}@example.si` });
      await editErp("contacts", record.external.metakocka, { name: `ERP ${text}`, email: `erp-${text}@example.si` });
    }
    await editErp("contacts", five.external.metakocka, { phone: "05 555" });
    const run = await stack.sync("contacts");
    assert.equal(run.counts.conflicts, 2, JSON.stringify(run.counts));
    assert.equal((await crm("contacts", five.id)).phone, "05 555");
    assert.equal((await stack.api("GET", "/auto-sync")).types.contacts.conflicts, 2);
    const { items } = await stack.api("GET", "/conflicts?type=contacts");
    assert.equal(items.length, 2);
    const found = items.find((item) => item.crmId === String(three.id));
    assert.equal(found.what, "fields");
    assert.deepEqual(found.fields.map((field) => [field.field, field.base, field.metakocka, field.crm]).sort(),
      [["email", three.email, "erp-a@example.si", "crm-a@example.si"], ["name", three.name, "ERP a", "CRM a"]]);

    await assert.rejects(stack.api("POST", `/conflicts/${found.id}`, { resolution: "both" }), { status: 400 });
    await assert.rejects(stack.api("POST", `/conflicts/${found.id}`, { resolution: { city: "crm" } }), { status: 400 });
    await assert.rejects(stack.api("POST", "/conflicts/contacts.nobody", { resolution: "crm" }), { status: 404 });
    const decided = await stack.api("POST", `/conflicts/${found.id}`, { resolution: { name: "crm", email: "metakocka" } });
    await stack.finished(decided.run.id);
    const other = items.find((item) => item.crmId === String(four.id));
    await stack.finished((await stack.api("POST", `/conflicts/${other.id}`, { resolution: "metakocka" })).run.id);
    await until("no conflict is left", async () => (await stack.api("GET", "/conflicts")).items.length === 0);
    assert.deepEqual(pick(await erp("contacts", three.external.metakocka), ["name", "email"]), { name: "CRM a", email: "erp-a@example.si" });
    assert.equal((await crm("contacts", four.id)).name, "ERP b");
    await atRest("contacts");
    await equalOnBothSides("contacts");
    await settings({ conflictPolicy: { contacts: { default: "newest_wins" } } });
  });

  it("products are not written while write protection is on, and are when it is off", async () => {
    await settings({ direction: { products: "bidirectional" } });
    const before = (await writes()).length;
    await stack.sync("products");
    const [product] = await stack.records("products");
    await editCrm("products", product.id, { name: "Ime iz CRM" });
    const made = await stack.call("POST", "/api/products", { code: "CRM-NOV-1", name: "Nov izdelek", unit: "kos" });
    const held = await stack.sync("products");
    assert.equal(held.state, "succeeded", held.error);
    assert.deepEqual([held.counts.excluded, held.counts.written], [2, 0], JSON.stringify(held.counts));
    const { items } = await stack.api("GET", `/runs/${held.id}/records?bucket=excluded`);
    assert.match(items[0].reason, /write protection/);
    assert.equal((await writes()).length, before);

    await settings({ writeProtection: false });
    const run = await stack.sync("products");
    assert.equal(run.state, "succeeded", run.error);
    assert.equal(run.counts.written, 2, JSON.stringify(run.counts));
    assert.equal((await erp("products", product.external.metakocka)).name, "Ime iz CRM");
    assert.equal((await erp("products", (await crm("products", made.id)).external.metakocka)).code, "CRM-NOV-1");
    await atRest("products");
    await equalOnBothSides("products");
  });

  it("with every answer to an add lost, there is one partner and one product each", async () => {
    await stack.admin("POST", "faults", { endpoint: "json/add_partner", kind: "drop_after_write", count: -1 });
    await stack.admin("POST", "faults", { endpoint: "json/product_add", kind: "drop_after_write", count: -1 });
    const names = ["Izgubljen ena", "Izgubljen dva", "Izgubljen tri"];
    for (const [i, name] of names.entries()) {
      await stack.call("POST", "/api/contacts", { name, postNumber: "1000", email: `izgubljen${i}@example.si` });
      await stack.call("POST", "/api/products", { code: `IZG-${i}`, name, unit: "kos" });
    }
    for (const kind of ["contacts", "products"]) {
      await until(`${kind} are all linked`, async () => {
        await stack.sync(kind);
        return (await stack.records(kind)).filter((record) => names.includes(record.name) && record.external.metakocka).length === 3;
      });
      const truth = await stack.truth(OF_ERP[kind]);
      for (const name of names) assert.equal(truth.filter((one) => one.name === name).length, 1, `${kind}: ${name}`);
    }
    await stack.admin("DELETE", "faults");
    for (const kind of ["contacts", "products"]) {
      await atRest(kind);
      await equalOnBothSides(kind);
    }
  });

  it("what Metakocka would refuse is not sent, and says why", async () => {
    const made = await stack.call("POST", "/api/contacts", { name: "Č".repeat(101) });
    const run = await stack.sync("contacts");
    assert.equal(run.counts.quarantined, 1, JSON.stringify(run.counts));
    const { items } = await stack.api("GET", "/quarantine?type=contacts");
    const kept = items.find((item) => item.crmId === String(made.id));
    assert.match(kept.reason, /name is 101 characters long; Metakocka takes 100/);
    await editCrm("contacts", made.id, { name: "Zdaj kratko" });
    const retried = await stack.api("POST", `/quarantine/${kept.id}/retry`);
    assert.equal((await stack.finished(retried.run.id)).state, "succeeded");
    assert.deepEqual((await stack.api("GET", "/quarantine?type=contacts")).items, []);
  });

  it("kill -9 again and again in two-way runs with lost answers: nothing lost, nothing doubled", async () => {
    await stack.admin("POST", "faults", { endpoint: "json/add_partner", kind: "drop_after_write", count: -1 });
    const contacts = (await stack.records("contacts")).filter((record) => record.external.metakocka);
    const wanted = new Map();
    let unfinished = 0;
    for (let round = 0; round < 10; ++round) {
      const here = contacts[(round * 2) % contacts.length];
      const there = contacts[(round * 2 + 1) % contacts.length];
      const value = `01 ${1000 + round}`;
      await editCrm("contacts", here.id, { phone: value });
      await editErp("contacts", there.external.metakocka, { mobile: value });
      const { id } = await stack.call("POST", "/api/contacts", { name: `Med ubijanjem ${round}`, email: `ubit${round}@example.si` });
      wanted.set(id, `Med ubijanjem ${round}`);
      const { runs } = await stack.api("POST", "/runs", { types: ["contacts"], mode: "sync" });
      const state = async () => (await stack.api("GET", `/runs/${runs[0].id}`)).state;
      await until("the run has begun", async () => (await state()) !== "queued");
      const moment = Date.now() + (round * 37) % 120;
      while (Date.now() < moment) await state();
      if ((await state()) === "running") ++unfinished;
      await stack.restartHost("SIGKILL");
      await stack.finished(runs[0].id);
    }
    assert.ok(unfinished >= 3, `only ${unfinished} kills hit a run`);
    await stack.admin("DELETE", "faults");
    await until("everything has settled", async () => {
      const run = await stack.sync("contacts");
      return run.state === "succeeded" && run.counts.created + run.counts.updated + run.counts.written === 0;
    });
    await equalOnBothSides("contacts");
    const truth = await stack.truth("partners");
    for (const [id, name] of wanted) {
      assert.equal(truth.filter((one) => one.name === name).length, 1, name);
      assert.ok((await crm("contacts", id)).external.metakocka, name);
    }
  });

  it("back to Metakocka → CRM: nothing is written, and nothing waits any more", async () => {
    const before = (await writes()).length;
    await settings({ direction: { contacts: "metakocka_to_crm", products: "metakocka_to_crm" }, writeProtection: true });
    const [contact] = (await stack.records("contacts")).filter((record) => record.external.metakocka);
    await editCrm("contacts", contact.id, { phone: "0" });
    assert.equal((await stack.sync("contacts")).state, "succeeded");
    assert.notEqual((await crm("contacts", contact.id)).phone, "0");
    assert.equal((await writes()).length, before);
    assert.deepEqual((await stack.api("GET", "/conflicts")).items, []);
  });
});
