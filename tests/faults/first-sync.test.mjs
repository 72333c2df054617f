// The main job on the real programs: every record equals the ERP's, and a second run touches nothing.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { KINDS, Stack } from "../stack.mjs";

const SIZES = { products: 2000, partners: 500, invoices: 1000, stock: 3000, seed: 7 };
let stack;

const pick = (object, names) => Object.fromEntries(names.map((name) => [name, object[name] ?? null]));
const byExternal = (records) => new Map(records.map((record) => [record.external.metakocka, record]));

const CONTACT = ["name", "taxNumber", "registrationNumber", "email", "phone", "mobile", "street", "postNumber", "city",
  "country", "isCompany", "isCustomer", "isSupplier", "active"];
const PRODUCT = ["code", "name", "description", "unit", "barcode", "price", "currency", "taxRate", "weight", "sellable",
  "purchasable", "service", "active"];
const INVOICE = ["number", "date", "dueDate", "currency", "net", "tax", "total", "paid", "status", "kind"];
const LINE = ["code", "name", "quantity", "unit", "price", "discount", "taxRate"];
const STOCK = ["warehouse", "amount", "reserved", "free"];

describe("first sync of 2,000 products, 500 partners, 1,000 invoices and 3,000 stock rows", () => {
  before(async () => {
    stack = await Stack.start({ erp: SIZES });
  });
  after(() => stack.stop());

  let runs;
  it("ends well for all four kinds", async () => {
    runs = await stack.syncAll();
    for (const kind of KINDS) {
      assert.equal(runs[kind].state, "succeeded", `${kind}: ${runs[kind].error}`);
      const { counts } = runs[kind];
      assert.equal(counts.records, counts.created + counts.updated + counts.unchanged + counts.deactivated +
        counts.excluded + counts.conflicts + counts.quarantined, kind);
    }
  });

  it("brings every contact over, field by field", async () => {
    const records = byExternal(await stack.records("contacts"));
    const truth = await stack.truth("partners");
    assert.equal(records.size, truth.length);
    for (const partner of truth) {
      assert.deepEqual(pick(records.get(partner.mkId) ?? {}, CONTACT), pick({ active: true, ...partner }, CONTACT), partner.mkId);
    }
  });

  it("brings every product over, field by field", async () => {
    const records = byExternal(await stack.records("products"));
    const truth = await stack.truth("products");
    assert.equal(records.size, truth.length);
    for (const product of truth) {
      assert.deepEqual(pick(records.get(product.mkId) ?? {}, PRODUCT), pick(product, PRODUCT), product.mkId);
    }
  });

  it("brings every invoice over, with its lines, contact and products", async () => {
    const records = byExternal(await stack.records("invoices"));
    const contacts = byExternal(await stack.records("contacts"));
    const products = byExternal(await stack.records("products"));
    const truth = (await stack.truth("documents")).filter((document) => !["order", "offer"].includes(document.kind));
    assert.equal(records.size, truth.length);
    for (const bill of truth) {
      const record = records.get(bill.mkId) ?? {};
      assert.deepEqual(pick(record, INVOICE), pick(bill, INVOICE), bill.mkId);
      assert.equal(record.contactId, contacts.get(bill.partnerMkId)?.id ?? null, bill.mkId);
      assert.deepEqual(record.lines.map((line) => pick(line, LINE)), bill.lines.map((line) => pick(line, LINE)), bill.mkId);
      assert.deepEqual(record.lines.map((line) => line.productId ?? null),
        bill.lines.map((line) => products.get(line.productMkId)?.id ?? null), bill.mkId);
    }
  });

  it("brings all stock over, lots added up", async () => {
    const records = byExternal(await stack.records("inventory"));
    const products = byExternal(await stack.records("products"));
    const truth = await stack.truth("stock");
    assert.equal(records.size, truth.length);
    for (const stock of truth) {
      const record = records.get(`${stock.productMkId}/${stock.warehouseMkId}`) ?? {};
      assert.deepEqual(pick(record, STOCK), pick(stock, STOCK), `${stock.productMkId}/${stock.warehouseMkId}`);
      assert.equal(record.productId, products.get(stock.productMkId)?.id);
    }
  });

  it("creates and updates nothing in a second run, and moves no updatedAt", async () => {
    const stamps = async () => {
      const all = await Promise.all(KINDS.map((kind) => stack.records(kind)));
      return all.flat().map((record) => `${record.id} ${record.updatedAt}`).sort();
    };
    const before = await stamps();
    const again = await stack.syncAll();
    for (const kind of KINDS) {
      assert.equal(again[kind].state, "succeeded", `${kind}: ${again[kind].error}`);
      assert.deepEqual(pick(again[kind].counts, ["created", "updated", "deactivated"]),
        { created: 0, updated: 0, deactivated: 0 }, kind);
    }
    assert.deepEqual(await stamps(), before);
  });

  it("follows random edits in the ERP", async () => {
    await stack.admin("POST", "companies/1/mutate", { count: 200, seed: 3 });
    await stack.syncAll("full");
    const records = byExternal(await stack.records("products"));
    for (const product of await stack.truth("products")) {
      assert.deepEqual(pick(records.get(product.mkId) ?? {}, PRODUCT), pick(product, PRODUCT), product.mkId);
    }
    const contacts = byExternal(await stack.records("contacts"));
    for (const partner of await stack.truth("partners")) {
      assert.deepEqual(pick(contacts.get(partner.mkId) ?? {}, CONTACT), pick({ active: true, ...partner }, CONTACT), partner.mkId);
    }
  });
});
