// docs/openapi.yaml against the real programs: every operation and every answer it names must occur, look as it says,
// and nothing else may be served.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { API, COMPANY, KEY, KINDS, PASSWORD, Stack, until } from "../stack.mjs";

const ROOT = resolve(fileURLToPath(import.meta.url), "../../..");
const METHODS = ["get", "post", "put", "patch", "delete"];
const BIG = 9 * 1024 * 1024;
const NO_RUN = "0".repeat(16);
// What only the losing side of a race is told can't be brought about from outside.
const RACES = [`POST ${API}/conflicts/{id} 409`];

const doc = parse(await readFile(join(ROOT, "docs/openapi.yaml"), "utf8"));
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, allErrors: true });
addFormats(ajv);
ajv.addVocabulary(Object.keys(doc));  // the document holds schemas without being one
ajv.addSchema(doc, "doc");

const escape = (step) => encodeURIComponent(String(step).replaceAll("~", "~0").replaceAll("/", "~1"));
const at = (steps) => steps.reduce((value, step) => value[step], doc);

/** Where something stands in the document, references followed. */
function place(steps) {
  const { $ref } = at(steps);
  return $ref ? place($ref.slice(2).split("/")) : steps;
}

function complaints(steps, value) {
  const check = ajv.getSchema(`doc#/${steps.map(escape).join("/")}`);
  return check(value) ? "" : ajv.errorsText(check.errors, { separator: "\n  " });
}

const operations = Object.entries(doc.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => item[method]).map((method) => {
    const operation = item[method];
    return {
      method: method.toUpperCase(),
      path,
      name: `${method.toUpperCase()} ${path}`,
      steps: ["paths", path, method],
      permission: operation["x-permission"],
      open: operation.security?.length === 0,
      statuses: Object.keys(operation.responses).map(Number),
      ...operation,
    };
  }));
const ofModule = (operation) => operation.path.startsWith(API);
const fill = (path) => path.replace("/runs/{id}", `/runs/${NO_RUN}`).replace("{id}", "999999999")
  .replace("{kind}", "products").replace("{crmId}", "999999999");

function find(method, path) {
  const segments = path.split("?")[0].split("/");
  const fits = (template) => {
    const wanted = template.split("/");
    return wanted.length === segments.length && wanted.every((part, i) => part.startsWith("{") || part === segments[i]);
  };
  // A literal path wins over one with a parameter.
  const fitting = operations.filter((operation) => operation.method === method && fits(operation.path));
  return fitting.sort((a, b) => a.path.split("{").length - b.path.split("{").length)[0];
}

const seen = new Set();
let stack;
const tokens = {};

function send(method, path, { body, text, as = "admin", headers = {} } = {}) {
  const all = { ...headers };
  if (as) all.authorization = `Bearer ${tokens[as]}`;
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
  if (content !== undefined) all["content-type"] = "application/json";
  return fetch(stack.url + path, { method, headers: all, body: content, redirect: "manual" });
}

/** An answer compared with what the document says of it. */
async function compare(operation, answer, sent) {
  const { status } = answer;
  const text = await answer.text();
  const where = `${operation.name} answers ${status} ${text.slice(0, 2000)}`;
  assert.ok(operation.statuses.includes(status), `${where}\nwhich is not documented`);
  const steps = place([...operation.steps, "responses", String(status)]);
  const { content, headers = {} } = at(steps);
  for (const [name, header] of Object.entries(headers)) {
    const value = answer.headers.get(name);
    assert.ok(value !== null || !header.required, `${where}\nwithout the header ${name}`);
    if (value !== null) assert.equal(complaints([...steps, "headers", name, "schema"], value), "", `${where}\n${name}`);
  }
  let value;
  if (content) {
    const type = (answer.headers.get("content-type") ?? "").split(";")[0];
    assert.ok(content[type], `${where}\nas ${type}`);
    value = type.endsWith("json") ? JSON.parse(text) : text;
    assert.equal(complaints([...steps, "content", type, "schema"], value), "", where);
    if (content[type]["x-line-schema"]) {
      const line = place([...steps, "content", type, "x-line-schema"]);
      value = text.split("\n").slice(0, -1).map((row) => JSON.parse(row));
      for (const row of value) assert.equal(complaints(line, row), "", where);
    }
    if (type === "application/problem+json") assert.equal(value.status, status, where);
  } else {
    assert.equal(text, "", where);
  }
  if (status < 300 && sent !== undefined) {
    const steps = [...operation.steps, "requestBody", "content", "application/json", "schema"];
    assert.equal(complaints(steps, sent), "", `${operation.name} took ${JSON.stringify(sent)}`);
  }
  seen.add(`${operation.name} ${status}`);
  return value;
}

/** Asks, checks the answer against the document and the status against the one expected, and returns the body. */
async function ask(status, method, path, options = {}) {
  const operation = find(method, path);
  assert.ok(operation, `${method} ${path} is not documented`);
  const answer = await send(method, path, options);
  const value = await compare(operation, answer, options.body);
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(value)}`);
  return options.whole ? { value, headers: answer.headers } : value;
}

const api = (status, method, path, body, more = {}) => ask(status, method, API + path, { body, ...more });
const pathsOf = (problem) => problem.errors.map((error) => error.path).sort();

describe("the document itself", () => {
  it("has schemas that compile and are closed", () => {
    const parts = new Set();
    const walk = (value, visit) => {
      if (value === null || typeof value !== "object") return;
      visit(value);
      for (const inner of Object.values(value)) walk(inner, visit);
    };
    walk(doc.components.schemas, ({ allOf }) => allOf?.forEach(({ $ref }) => parts.add($ref.split("/").pop())));
    for (const [name, schema] of Object.entries(doc.components.schemas)) {
      assert.ok(ajv.getSchema(`doc#/components/schemas/${name}`), name);
      if (parts.has(name)) continue;
      walk(schema, (inner) => {
        if (inner.type !== "object" && !inner.allOf) return;
        assert.ok("additionalProperties" in inner || inner.unevaluatedProperties === false, `${name} is open`);
      });
    }
  });

  it("tells for each operation what it does, who may use it and how to log in", () => {
    const ids = operations.map((operation) => operation.operationId);
    assert.equal(new Set(ids).size, ids.length);
    const tags = doc.tags.map((tag) => tag.name);
    const permissions = [
      "records.read", "records.write", "integrations.view", "integrations.manage", "plugins.manage", null,
    ];
    for (const operation of operations) {
      assert.ok(operation.summary && operation.description, operation.name);
      assert.ok(operation.tags.length > 0 && operation.tags.every((tag) => tags.includes(tag)), operation.name);
      assert.ok(permissions.includes(operation.permission), operation.name);
      if (operation.permission) {
        const wanted = operation.method === "GET" ? undefined : [{ cookie: [], csrf: [] }, { bearer: [] }];
        assert.deepEqual(operation.security, wanted, operation.name);
      }
      const parameters = [...(doc.paths[operation.path].parameters ?? []), ...(operation.parameters ?? [])]
        .map(({ $ref }) => ($ref ? at($ref.slice(2).split("/")) : {})).filter(({ in: where }) => where === "path");
      const names = parameters.map(({ name }) => `{${name}}`);
      assert.deepEqual(names, operation.path.match(/\{\w+\}/g) ?? [], operation.name);
    }
  });

  it("has examples that fit their schemas", () => {
    const visit = (value, steps) => {
      if (value === null || typeof value !== "object") return;
      if (value.schema && value.examples) {
        for (const [name, { value: example }] of Object.entries(value.examples)) {
          assert.equal(complaints([...steps, "schema"], example), "", `${steps.join("/")}: ${name}`);
        }
      }
      for (const [step, inner] of Object.entries(value)) visit(inner, [...steps, step]);
    };
    visit(doc, []);
  });

  it("names exactly the routes in the source, with their permissions", async () => {
    const permissions = {
      kAnybody: null, kRead: "records.read", kWrite: "records.write", kView: "integrations.view",
    };
    const routes = [];
    const module = await readFile(join(ROOT, "plugin/instance/instance.cpp"), "utf8");
    const ofTheModule = [...module.matchAll(/\{"([A-Z]+)", "(\/[^"]*)", (k\w+),/g)];
    assert.equal(ofTheModule.length, module.match(/\{"(GET|POST|PUT|PATCH|DELETE)"/g).length);
    for (const [, method, path, access] of ofTheModule) {
      routes.push(`${method} ${API}${path} ${access === "kManage" ? "integrations.manage" : permissions[access]}`);
    }
    const files = await readdir(join(ROOT, "sample-host"), { recursive: true });
    for (const file of files.filter((name) => name.endsWith(".cpp"))) {
      const source = await readFile(join(ROOT, "sample-host", file), "utf8");
      const found = [...source.matchAll(/router\.add\(\s*"([A-Z*]+)",\s*("[^"]+"|\w+),\s*(k\w+)/g)];
      assert.equal(found.length, (source.match(/router\.add\(/g) ?? []).length, file);
      for (const [, method, path, access] of found) {
        // Pages are for people; the connector's routes are above.
        if (file.endsWith("pages.cpp")) {
          assert.ok(!path.includes("/api"), path);
          continue;
        }
        if (method === "*") continue;
        const permission = access === "kManage" ? "plugins.manage" : permissions[access];
        const addresses = { base: KINDS.map((kind) => `/api/${kind}`), one: KINDS.map((kind) => `/api/${kind}/{id}`) };
        for (const address of addresses[path] ?? [JSON.parse(path)]) {
          // Logging out checks the permission itself, together with the CSRF token.
          const own = method === "DELETE" && address === "/api/session" ? "records.read" : permission;
          routes.push(`${method} ${address} ${own}`);
        }
      }
    }
    assert.deepEqual(operations.map((operation) => `${operation.name} ${operation.permission}`).sort(), routes.sort());
  });
});

describe("the answers of the running programs", () => {
  before(async () => {
    stack = await Stack.start({ erp: { products: 60, partners: 30, invoices: 40, seed: 5 }, connect: false });
    tokens.admin = stack.token;
    tokens.viewer = stack.cli("token", "--role", "viewer");
  });
  after(() => stack?.stop());

  it("refuse strangers everywhere", async () => {
    for (const operation of operations) {
      if (operation.open) continue;
      await ask(401, operation.method, fill(operation.path), { as: null });
    }
  });

  it("refuse a viewer whatever changes something", async () => {
    for (const operation of operations) {
      if (!operation.permission || ["records.read", "integrations.view"].includes(operation.permission)) continue;
      await ask(403, operation.method, fill(operation.path), { as: "viewer" });
    }
  });

  it("refuse methods that are not documented", async () => {
    for (const [path, item] of Object.entries(doc.paths)) {
      for (const method of METHODS.filter((method) => !item[method])) {
        const answer = await send(method.toUpperCase(), fill(path));
        const problem = await answer.json();
        assert.equal(answer.status, 405, `${method} ${path} is served but not documented: ${JSON.stringify(problem)}`);
        assert.equal(complaints(["components", "schemas", "Problem"], problem), "");
      }
    }
    for (const path of ["/api/nothing", `${API}/nothing`]) {
      const answer = await send("GET", path);
      assert.equal(answer.status, 404);
      assert.equal(complaints(["components", "schemas", "Problem"], await answer.json()), "");
    }
  });

  it("refuse bodies that are too large, before they are sent", async () => {
    for (const operation of operations.filter(({ statuses }) => statuses.includes(413))) {
      const headers = { authorization: `Bearer ${tokens.admin}`, "content-length": BIG };
      const { method } = operation;
      const answer = await new Promise((done, failed) => {
        const request = httpRequest(stack.url + fill(operation.path), { method, headers }, (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (piece) => (text += piece)).on("end", () => {
            done(new Response(text, { status: response.statusCode, headers: response.headers }));
            request.destroy();
          });
        });
        request.on("error", failed).flushHeaders();
      });
      assert.equal(answer.status, 413, operation.name);
      await compare(operation, answer);
    }
  });

  it("health, session and CSRF token", async () => {
    await ask(200, "GET", "/healthz", { as: null });
    assert.equal((await ask(200, "GET", "/api/session")).csrfToken, "");
    assert.deepEqual(pathsOf(await ask(400, "POST", "/api/session", { as: null, body: {} })), ["password", "user"]);
    await ask(400, "POST", "/api/session", { as: null, text: "not JSON" });
    const logIn = { user: "admin", password: PASSWORD };
    await ask(403, "POST", "/api/session", { as: null, body: logIn, headers: { "sec-fetch-site": "cross-site" } });
    const { value, headers } = await ask(200, "POST", "/api/session", { as: null, body: logIn, whole: true });
    const cookie = headers.get("set-cookie").split(";")[0];
    const browser = { as: null, headers: { cookie } };
    assert.equal((await ask(200, "GET", "/api/session", browser)).csrfToken, value.csrfToken);
    await ask(403, "POST", "/api/contacts", { ...browser, body: { name: "Example" } });
    await ask(403, "DELETE", "/api/session", browser);
    await ask(204, "DELETE", "/api/session", { as: null, headers: { cookie, "x-csrf-token": value.csrfToken } });
    await ask(401, "GET", "/api/session", browser);
  });

  it("too many wrong passwords", async () => {
    const body = { user: "nobody", password: "wrong" };
    for (let i = 0; i < 5; ++i) await ask(401, "POST", "/api/session", { as: null, body });
    await until("logging in is slowed down", async () => {
      const answer = await send("POST", "/api/session", { as: null, body });
      const { status } = answer;
      await compare(find("POST", "/api/session"), answer);
      return status === 429;
    });
  });

  it("nothing configured yet", async () => {
    assert.equal((await api(200, "GET", "/credentials")).configured, false);
    assert.equal((await api(200, "GET", "/auto-sync")).connection.state, "unconfigured");
    await api(409, "POST", "/credentials/test");
    await api(409, "POST", "/runs", { types: ["products"] });
    assert.deepEqual((await api(200, "GET", "/runs")).items, []);
  });

  it("credentials", async () => {
    assert.deepEqual(pathsOf(await api(400, "PUT", "/credentials", { baseUrl: "nonsense", extra: 1 })),
      ["baseUrl", "companyId", "extra", "secretKey"]);
    await api(400, "PUT", "/credentials", [1]);
    const right = { companyId: COMPANY, secretKey: KEY, baseUrl: stack.erpUrl, caCertificate: stack.erpCa };
    const shown = await api(200, "PUT", "/credentials", right);
    assert.ok(!JSON.stringify(shown).includes(KEY));
    assert.equal((await api(200, "GET", "/credentials")).configured, true);
    await api(400, "POST", "/credentials/test", { companyId: "" });
    assert.equal((await api(200, "POST", "/credentials/test")).ok, true);
    assert.equal((await api(200, "POST", "/credentials/test", right)).ok, true);
    const reason = async (changes) => (await api(200, "POST", "/credentials/test", { ...right, ...changes })).reason;
    assert.equal(await reason({ secretKey: "wrong" }), "invalid_credentials");
    assert.equal(await reason({ caCertificate: null }), "tls");
    assert.equal(await reason({ baseUrl: "https://127.0.0.1:9/" }), "unreachable");
  });

  it("settings", async () => {
    const wrong = {
      intervals: { products: 0, orders: 5 },
      direction: { inventory: "bidirectional" },
      writeProtection: "off",
      conflictPolicy: {
        contacts: { default: "oldest_wins", fields: { price: "manual", phone: 1 }, colour: 1 },
        invoices: { default: "manual" },
      },
      colour: 1,
    };
    assert.deepEqual(pathsOf(await api(400, "POST", "/auto-sync", wrong)), [
      "colour", "conflictPolicy.contacts.colour", "conflictPolicy.contacts.default",
      "conflictPolicy.contacts.fields.phone", "conflictPolicy.contacts.fields.price", "conflictPolicy.invoices",
      "direction.inventory", "intervals.orders", "intervals.products", "writeProtection",
    ]);
    await ask(400, "POST", `${API}/auto-sync`, { text: "{" });
    const all = {
      intervals: { contacts: 1440, products: 1440, invoices: 1440, inventory: 1440 },
      direction: Object.fromEntries(KINDS.map((kind) => [kind, "metakocka_to_crm"])),
      realTimeEnabled: false,
      webhooksEnabled: false,
      writeProtection: false,
      conflictPolicy: {
        contacts: { default: "manual", fields: { phone: "crm_wins" } },
        products: { default: "metakocka_wins", fields: {} },
      },
      filters: { products: { pricelist: "NONE" } },
      deleteGuard: { maxPercent: 0, maxRecords: 0 },
    };
    const { config } = await api(200, "POST", "/auto-sync", all);
    for (const [name, value] of Object.entries(all)) assert.deepEqual(config[name], value);
    const back = await api(200, "POST", "/auto-sync", {
      filters: { products: { pricelist: null } }, realTimeEnabled: true, writeProtection: true,
      conflictPolicy: { contacts: { fields: { phone: null } } },
    });
    assert.deepEqual(back.config.conflictPolicy.contacts, { default: "manual", fields: {} });
  });

  it("records set aside: stock that waits for its products", async () => {
    await stack.sync("inventory");
    const page = await api(200, "GET", "/quarantine?type=inventory&limit=1");
    const { items } = await api(200, "GET", `/quarantine?after=${encodeURIComponent(page.next)}`);
    assert.notEqual(items[0].id, page.items[0].id);
    for (const query of ["type=x", "limit=0", "after=x"]) await api(400, "GET", `/quarantine?${query}`);
    const [{ id, tries }] = page.items;
    const { run } = await api(202, "POST", `/quarantine/${id}/retry`);
    await stack.finished(run.id);
    assert.equal((await api(200, "GET", "/quarantine?limit=1")).items[0].tries, tries + 1);
  });

  it("runs, timers and their records", async () => {
    const refused = await api(400, "POST", "/runs", { types: ["x"], mode: "none", extra: 1 });
    assert.deepEqual(pathsOf(refused), ["extra", "mode", "types.0"]);
    // What isRunning and activeTimers mean.
    const on = await api(200, "POST", "/auto-sync", { enabled: true });
    assert.deepEqual([...on.activeTimers].sort(), KINDS.filter((kind) => on.types[kind].nextRunAt).sort());
    assert.ok(on.activeTimers.length > 0);
    assert.equal(on.isRunning, KINDS.some((kind) => on.types[kind].currentRun !== null));
    const off = await api(200, "DELETE", "/auto-sync");
    assert.deepEqual([off.enabled, off.activeTimers], [false, []]);
    await until("all is quiet", async () => !(await api(200, "GET", "/auto-sync")).isRunning);

    await stack.admin("POST", "faults", { endpoint: "json/product_list", kind: "slow", count: 1, ms: 3000 });
    const { runs } = await api(202, "POST", "/runs", { types: KINDS, mode: "full" });
    const again = await api(202, "POST", "/runs", { types: ["inventory"] });
    const { id: waiting } = runs.find(({ type }) => type === "inventory");
    assert.deepEqual(again.runs, [{ id: waiting, type: "inventory", coalesced: true }]);
    const busy = await api(200, "GET", "/auto-sync");
    assert.equal(busy.isRunning, true);
    await api(200, "GET", "/runs");
    await api(202, "POST", `/runs/${waiting}/cancel`);
    await until("it is cancelled", async () => (await api(200, "GET", `/runs/${waiting}`)).state === "cancelled");
    await api(409, "POST", `/runs/${waiting}/cancel`);
    await until("the runs are over", async () => !(await api(200, "GET", "/auto-sync")).isRunning);
    await api(202, "POST", "/runs", { types: ["inventory"], mode: "sync" });
    await until("all is over", async () => !(await api(200, "GET", "/auto-sync")).isRunning);
    for (const { id, type } of runs.slice(0, 3)) {
      const run = await api(200, "GET", `/runs/${id}`);
      assert.equal(run.state, "succeeded", JSON.stringify(run));
      const page = await api(200, "GET", `/runs/${id}/records?limit=5&bucket=created`);
      assert.equal(page.items.length, 5, type);
      await api(200, "GET", `/runs/${id}/records?limit=5&after=${encodeURIComponent(page.next)}`);
    }
    const products = runs.find(({ type }) => type === "products").id;
    for (const query of ["bucket=x", "after=x", "limit=0"]) await api(400, "GET", `/runs/${products}/records?${query}`);
    for (const path of [`/runs/${NO_RUN}`, `/runs/${NO_RUN}/records`]) await api(404, "GET", path);
    await api(404, "POST", `/runs/${NO_RUN}/cancel`);
    const page = await api(200, "GET", "/runs?limit=1");
    const older = await api(200, "GET", `/runs?limit=1&before=${page.next}&type=${page.items[0].type}`);
    assert.notEqual(older.items[0]?.id, page.items[0].id);
    for (const query of ["type=x", "limit=501", "limit=x"]) await api(400, "GET", `/runs?${query}`);
  });

  it("records that changed in the ERP", async () => {
    await stack.admin("POST", `companies/${COMPANY}/mutate`, { count: 60, seed: 3 });
    const changes = [];
    for (const type of KINDS) {
      const { runs } = await api(202, "POST", "/runs", { types: [type], mode: "full" });
      const run = await until("the run is over", async () => {
        const now = await api(200, "GET", `/runs/${runs[0].id}`);
        return !["queued", "running"].includes(now.state) && now;
      });
      for (const bucket of ["created", "updated", "unchanged", "deactivated", "excluded", "conflicts", "quarantined"]) {
        const { items } = await api(200, "GET", `/runs/${run.id}/records?bucket=${bucket}&limit=500`);
        changes.push(...items.flatMap((item) => item.changes));
      }
    }
    assert.ok(changes.length > 0);
  });

  const partner = (contact) => `companies/${COMPANY}/partners/${contact.external.metakocka}`;
  const over = async ({ run }) => assert.ok(["succeeded", "partial"].includes((await stack.finished(run.id)).state));
  const conflictOf = async (contact) =>
    (await api(200, "GET", "/conflicts?type=contacts&limit=500")).items.find(({ crmId }) => crmId === contact.id);
  /** Contacts that both sides have, the same on both. */
  async function contactsInStep() {
    const truth = new Map((await stack.truth("partners")).map((one) => [one.mkId, one.name]));
    return (await stack.records("contacts", "&active=true"))
      .filter(({ external, name }) => external.metakocka && truth.get(external.metakocka) === name);
  }

  it("both ways: conflicts, decisions and history", async () => {
    await api(200, "POST", "/auto-sync", { direction: { contacts: "bidirectional" } });
    await stack.sync("contacts");
    const [fields] = await contactsInStep();
    await stack.admin("PATCH", partner(fields), { name: "Ours", phone: "01 111" });
    await ask(200, "PATCH", `/api/contacts/${fields.id}`, { body: { name: "Theirs", phone: "02 222" } });
    await stack.sync("contacts", "full");

    const page = await api(200, "GET", "/conflicts?limit=1");
    await api(200, "GET", `/conflicts?limit=1${page.next ? `&after=${encodeURIComponent(page.next)}` : ""}`);
    for (const query of ["type=x", "limit=0", "after=x"]) await api(400, "GET", `/conflicts?${query}`);
    const conflict = await conflictOf(fields);
    assert.deepEqual([conflict.what, conflict.resolution], ["fields", null]);
    assert.deepEqual(conflict.fields.map(({ field, base, metakocka, crm }) => [field, base, metakocka, crm]).sort(),
      [["name", fields.name, "Ours", "Theirs"], ["phone", fields.phone, "01 111", "02 222"]]);
    assert.ok((await api(200, "GET", "/auto-sync")).types.contacts.conflicts >= 1);

    const one = `/conflicts/${conflict.id}`;
    for (const resolution of [undefined, "somebody", {}, { name: "x" }, { colour: "crm" }]) {
      await api(400, "POST", one, { resolution });
    }
    const decided = await api(202, "POST", one, { resolution: { name: "metakocka" } });
    await over(decided);
    assert.deepEqual((await conflictOf(fields)).fields.map(({ field }) => field), ["phone"]);
    await over(await api(202, "POST", one, { resolution: "crm" }));
    assert.equal(await conflictOf(fields), undefined);
    await api(404, "POST", one, { resolution: "crm" });
    const contact = await ask(200, "GET", `/api/contacts/${fields.id}`);
    const { name, phone } = await stack.admin("GET", partner(fields));
    assert.deepEqual([contact.name, contact.phone, name, phone], ["Ours", "02 222", "Ours", "02 222"]);

    const past = `/records/contacts/${fields.id}/history`;
    const history = await api(200, "GET", past);
    for (const [side, field, before, after] of [["crm", "name", "Theirs", "Ours"], ["metakocka", "phone", "01 111", "02 222"]]) {
      assert.ok(history.items.some((item) => item.side === side && item.field === field && item.before === before &&
        item.after === after), `${side} ${field}: ${JSON.stringify(history)}`);
    }
    const newest = await api(200, "GET", `${past}?limit=1`);
    assert.deepEqual((await api(200, "GET", `${past}?limit=1&before=${encodeURIComponent(newest.next)}`)).items,
      history.items.slice(1, 2));
    for (const query of ["limit=501", "before=x"]) await api(400, "GET", `${past}?${query}`);
    await api(404, "GET", "/records/orders/1/history");
    assert.deepEqual((await api(200, "GET", "/records/contacts/999999999/history")).items, []);
  });

  it("both ways: what one side removed and the other changed, and what Metakocka does not take", async () => {
    const used = new Set((await stack.records("invoices")).map(({ contactId }) => contactId));
    const contact = (await contactsInStep()).find(({ id }) => !used.has(id));
    await stack.admin("PATCH", partner(contact), { name: "Still there" });
    await ask(204, "DELETE", `/api/contacts/${contact.id}`);
    await stack.sync("contacts", "full");
    const removed = await conflictOf(contact);
    assert.equal(removed.what, "removed_in_crm");
    await api(400, "POST", `/conflicts/${removed.id}`, { resolution: { name: "metakocka" } });
    await over(await api(202, "POST", `/conflicts/${removed.id}`, { resolution: "metakocka" }));
    const [again] = (await stack.records("contacts")).filter(({ external }) => external.metakocka === contact.external.metakocka);
    assert.equal(again.name, "Still there");

    await api(200, "POST", "/auto-sync", { direction: { products: "bidirectional" }, writeProtection: false });
    await stack.sync("products");
    const [product] = await stack.records("products", "&active=true");
    await ask(200, "PATCH", `/api/products/${product.id}`, { body: { price: "123.45" } });
    await stack.sync("products");
    const { items: [price] } = await api(200, "GET", "/conflicts?type=products");
    assert.equal(price.crmId, product.id);
    assert.ok(price.fields.every(({ metakockaTakesIt }) => !metakockaTakesIt));
    await api(400, "POST", `/conflicts/${price.id}`, { resolution: "crm" });
    await api(400, "POST", `/conflicts/${price.id}`, { resolution: { price: "crm" } });
    await over(await api(202, "POST", `/conflicts/${price.id}`, { resolution: "metakocka" }));
    assert.equal((await ask(200, "GET", `/api/products/${product.id}`)).price, product.price);
    await api(200, "POST", "/auto-sync", { direction: { products: "metakocka_to_crm" }, writeProtection: true });
  });

  it("both ways: what Metakocka would refuse is set aside", async () => {
    const { id } = await ask(201, "POST", "/api/contacts", { body: { name: "Long ".repeat(30) } });
    await stack.sync("contacts");
    const { items } = await api(200, "GET", "/quarantine?type=contacts&limit=500");
    const kept = items.find(({ crmId }) => crmId === id);
    assert.match(kept.reason, /name.*100/);
    await over(await api(202, "POST", `/quarantine/${kept.id}/retry`));
    assert.ok((await api(200, "GET", "/quarantine")).items.find((one) => one.id === kept.id).tries > kept.tries);
    await ask(200, "PATCH", `/api/contacts/${id}`, { body: { name: "Short" } });
    await over(await api(202, "POST", `/quarantine/${kept.id}/retry`));
    await api(404, "POST", `/quarantine/${kept.id}/retry`);
    assert.ok((await ask(200, "GET", `/api/contacts/${id}`)).external.metakocka);
    await api(200, "POST", "/auto-sync", { direction: { contacts: "metakocka_to_crm" } });
  });

  it("trouble: states, errors and notices", async () => {
    await stack.admin("POST", "faults", { endpoint: "json/product_list", kind: "auth", count: -1 });
    await api(202, "POST", "/runs", { types: ["products"] });
    const status = await until("the trouble shows", async () => {
      const now = await api(200, "GET", "/auto-sync");
      return now.connection.state === "auth_failed" && now;
    });
    assert.ok(status.errors.length > 0);
    await api(409, "POST", "/runs", { types: ["products"] });
    await until("people are told", async () => (await ask(200, "GET", "/api/notices")).items.length > 0);
    assert.equal((await ask(200, "GET", "/api/plugins")).items[0].status.state, "attention");
    await stack.admin("DELETE", "faults");
    await api(200, "POST", "/credentials/test");
    assert.equal((await api(200, "GET", "/auto-sync")).connection.state, "ok");
  });

  it("looks at single records", async () => {
    for (const kind of KINDS) {
      const { id } = (await stack.records(kind, "&active=true"))[0];
      assert.equal((await api(200, "GET", `/live/${kind}/${id}`)).stale, false);
    }
    const contact = (await stack.records("contacts"))[0].id;
    await stack.admin("POST", "faults", { endpoint: "get_partner", kind: "http500", count: 1 });
    assert.equal((await api(200, "GET", `/live/contacts/${contact}`)).stale, true);
    await stack.admin("DELETE", "faults");
    await api(404, "GET", "/live/products/999999999");
    await api(404, "GET", "/live/orders/1");
    await api(200, "POST", "/auto-sync", { realTimeEnabled: false });
    await api(409, "GET", `/live/contacts/${contact}`);
    await api(200, "POST", "/auto-sync", { realTimeEnabled: true });
  });

  it("webhooks", async () => {
    const webhook = (status, text, { secret = "s", id = "event-1", ...headers } = {}) => {
      const signature = createHmac("sha1", secret).update(text).digest("base64");
      return api(status, "POST", "/webhook", undefined, {
        as: null, text, headers: { "x-metakocka-signature": signature, "x-metakocka-id": id, ...headers },
      });
    };
    const right = { companyId: COMPANY, secretKey: KEY, baseUrl: stack.erpUrl, caCertificate: stack.erpCa };
    await webhook(403, "{}");
    await api(200, "POST", "/auto-sync", { webhooksEnabled: true });
    await webhook(403, "{}");
    assert.equal((await api(200, "PUT", "/credentials", { ...right, webhookSecret: "s" })).webhookSecret, true);
    assert.equal((await api(200, "PUT", "/credentials", right)).webhookSecret, true);
    await webhook(401, "{}", { secret: "another" });
    await webhook(400, "{");
    await webhook(400, "{}", { id: "" });
    await webhook(413, " ".repeat(1024 * 1024 + 1));
    const [{ external }] = await stack.records("inventory", "&active=true");
    const event = JSON.stringify({ opr_code: "0", stock_list: [{ mk_id: external.metakocka.split("/")[0] }] });
    await webhook(200, event);
    await webhook(200, event);
    await until("it is carried out", async () => {
      const { items } = await api(200, "GET", "/runs?type=inventory");
      return items.filter(({ trigger, state }) => trigger === "webhook" && state === "succeeded").length === 1;
    });
    await api(200, "POST", "/auto-sync", { webhooksEnabled: false });
  });

  it("logs and their export", async () => {
    const page = await api(200, "GET", "/logs?limit=2");
    assert.equal(page.items.length, 2);
    await api(200, "GET", `/logs?limit=2&before=${page.next}`);
    const span = "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00%2B01:00";
    const filters = `type=products&level=info&operation=run&q=run&${span}`;
    assert.ok((await api(200, "GET", `/logs?${filters}`)).items.length > 0);
    const { id } = (await api(200, "GET", "/runs?limit=1")).items[0];
    for (const entry of (await api(200, "GET", `/logs?run=${id}`)).items) assert.equal(entry.run, id);
    for (const query of ["type=x", "level=x", "from=x", "to=x", "limit=1001"]) await api(400, "GET", `/logs?${query}`);
    for (const query of ["format=xml", "level=x"]) await api(400, "GET", `/logs/export?${query}`);
    await api(200, "GET", "/logs/export");
    await api(200, "GET", `/logs/export?format=csv&${filters}`);
    const lines = await api(200, "GET", "/logs/export?format=jsonl");
    assert.deepEqual(lines, [...lines].sort((a, b) => a.at.localeCompare(b.at)));
    await api(200, "GET", "/panel.js");
  });

  const values = () => ({
    contacts: { name: "Example Ltd", email: "", isCompany: true, active: true, custom: { colour: "red" } },
    products: { code: "X-1", name: "Pencil", price: "0.85", taxRate: "22", sellable: true },
    invoices: { number: "X-1", date: "2026-11-24", net: "-1.5", lines: [{ name: "Pencil", quantity: "2" }] },
    inventory: { productId: "1", warehouse: "main", amount: "12.5" },
  });
  const wrong = {
    contacts: [{ name: 1, colour: "x" }, ["colour", "name"]],
    products: [{ name: "", price: 1, active: "x" }, ["active", "name", "price"]],
    invoices: [
      { date: "2026-02-30", contactId: "999999999", lines: [{ colour: 1 }] }, ["contactId", "date", "lines.0"],
    ],
    inventory: [{ amount: "1e5", external: {} }, ["amount", "external", "productId"]],
  };
  for (const kind of KINDS) {
    it(`the CRM's ${kind}`, async () => {
      const base = `/api/${kind}`;
      const page = await ask(200, "GET", `${base}?limit=2`);
      await ask(200, "GET", `${base}?limit=1000&after=${page.next}&q=a&active=true&updatedSince=2020-01-01T00:00:00Z`);
      const ids = page.items.map(({ id }) => id);
      assert.deepEqual((await ask(200, "GET", `${base}?ids=${ids.join(",")}`)).items.map(({ id }) => id), ids);
      await ask(200, "GET", `${base}?limit=1000`);
      assert.deepEqual(pathsOf(await ask(400, "GET", `${base}?limit=0&active=x&updatedSince=x&after=x&ids=x&colour=x`)),
        ["active", "after", "colour", "ids", "limit", "updatedSince"]);

      const [body, paths] = wrong[kind];
      assert.deepEqual(pathsOf(await ask(400, "POST", base, { body })), paths);
      const made = await ask(201, "POST", base, { body: { ...values()[kind], external: { elsewhere: "1" } } });
      await ask(409, "POST", base, { body: { ...values()[kind], external: { elsewhere: "1" } } });
      const one = `${base}/${made.id}`;
      assert.deepEqual(await ask(200, "GET", one), made);
      assert.equal((await ask(200, "PATCH", one, { body: { active: false } })).active, false);
      await ask(400, "PATCH", one, { body: { colour: 1 } });
      await ask(409, "PATCH", one, { body: { external: { elsewhere: "2" } } });
      await ask(204, "DELETE", one);
      await ask(404, "GET", one);
      await ask(404, "PATCH", one, { body: {} });
      await ask(404, "DELETE", one);
      // Only what must be there.
      const least = { contacts: { name: "A" }, products: { name: "A" }, invoices: {}, inventory: { productId: "1" } };
      const { id } = await ask(201, "POST", base, { body: least[kind] });
      await ask(204, "DELETE", `${base}/${id}`);
    });
  }

  it("records that others refer to, and counts", async () => {
    const invoice = (await stack.records("invoices")).find(({ contactId }) => contactId);
    await ask(409, "DELETE", `/api/contacts/${invoice.contactId}`);
    const [stock] = await stack.records("inventory");
    await ask(409, "DELETE", `/api/products/${stock.productId}`);
    const counts = await ask(200, "GET", "/api/counts");
    for (const kind of KINDS) assert.equal(counts[kind].total, (await stack.records(kind)).length);
  });

  it("plugins, and what remains of the connector without them", async () => {
    for (const action of ["enable", "disable", "release"]) await ask(404, "POST", `/api/plugins/nothing/${action}`);
    assert.equal((await ask(200, "POST", "/api/plugins/metakocka/disable")).state, "disabled");
    assert.equal((await ask(200, "POST", "/api/plugins/metakocka/release")).state, "disabled");
    await ask(200, "GET", "/api/plugins");
    for (const operation of operations.filter(ofModule)) await ask(404, operation.method, fill(operation.path));
    assert.equal((await ask(200, "POST", "/api/plugins/metakocka/enable")).state, "running");
    assert.equal((await ask(200, "GET", "/api/plugins")).items.length, 1);
    await api(204, "DELETE", "/credentials");
  });

  it("occurred, each one that is documented", () => {
    const missing = operations.flatMap(({ name, statuses }) => statuses.map((status) => `${name} ${status}`))
      .filter((answer) => !seen.has(answer) && !RACES.includes(answer));
    assert.deepEqual(missing, []);
  });
});
