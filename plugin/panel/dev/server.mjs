// A pretend host for developing the panel: `npm run build && npm run dev`, then open the printed address.
// It answers the module's endpoints from memory, strict Content-Security-Policy included.
// Pages: /settings/integrations/metakocka and …/logs. Query: lang=en|sl.
// State at start (SCENARIO or ?scenario=): fresh | running | steady | trouble | review | signed_out.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Review } from "./review.mjs";

const KINDS = ["products", "invoices", "contacts", "inventory"];
const DIRECTIONS = ["metakocka_to_crm", "crm_to_metakocka", "bidirectional"];
const TWO_WAY = ["contacts", "products"];
const TOTALS = { products: 2000, invoices: 1000, contacts: 500, inventory: 3000 };
const DEFAULTS = { products: 30, invoices: 15, contacts: 60, inventory: 10 };
const BASE = "/api/integrations/metakocka";
const KEY = "good-key";

const iso = (offsetSeconds = 0) => new Date(Date.now() + offsetSeconds * 1000).toISOString();
const zero = () => ({ records: 0, created: 0, updated: 0, unchanged: 0, deactivated: 0, excluded: 0, conflicts: 0, quarantined: 0 });

class Problem extends Error {
  constructor(status, title, errors) {
    super(title);
    Object.assign(this, { status, errors });
  }
}

class World {
  constructor(scenario, rate) {
    this.rate = rate;
    this.enabled = false;
    this.credentials = null;
    this.connection = { state: "unconfigured", checkedAt: null, message: null };
    this.config = {
      intervals: { ...DEFAULTS },
      direction: Object.fromEntries(KINDS.map((k) => [k, "metakocka_to_crm"])),
      realTimeEnabled: true, webhooksEnabled: false, writeProtection: true,
      conflictPolicy: Object.fromEntries(TWO_WAY.map((k) => [k, { default: "newest_wins", fields: {} }])),
      deleteGuard: { maxPercent: 10, maxRecords: 50 },
      available: { direction: Object.fromEntries(KINDS.map((k) => [k, TWO_WAY.includes(k) ? DIRECTIONS : DIRECTIONS.slice(0, 1)])), realTime: true, webhooks: true },
    };
    this.errors = [];
    this.review = new Review(scenario === "review");
    this.kinds = Object.fromEntries(KINDS.map((k) => [k, { lastRun: null, lastSuccessAt: null, nextRunAt: null, linked: 0, inactive: 0, conflicts: 0, quarantined: 0 }]));
    this.logs = [];
    this.runNumber = 0;
    if (scenario !== "fresh") this.configureDemo(scenario);
    setInterval(() => this.tick(), 100).unref();
  }

  log(level, type, operation, message, run = null, details) {
    this.logs.push({ id: String(this.logs.length + 1), at: iso(), level, type, operation, run, message, ...(details ? { details } : {}) });
  }

  configureDemo(scenario) {
    this.credentials = { companyId: "16", baseUrl: "https://main.metakocka.si/rest/eshop/v1/", setAt: iso(-12 * 86400) };
    this.connection = { state: "ok", checkedAt: iso(-40), message: null };
    this.enabled = true;
    for (let i = 0; i < 130; i++) {
      const kind = KINDS[i % 4];
      this.log(i % 17 === 3 ? "warning" : i % 31 === 5 ? "error" : "info", kind, i % 3 ? "page" : "run.finished",
        i % 31 === 5 ? "The record 1600214873 could not be read: field sum_all is not a number."
          : i % 17 === 3 ? "Metakocka answered slowly; the page was asked for again." : `Page ${i} read: 100 records, ${i % 5} changed.`,
        `r-${1000 + Math.floor(i / 4)}`, i % 31 === 5 ? { record: "1600214873", field: "sum_all", value: "12,3x" } : undefined);
    }
    for (const kind of KINDS) {
      const records = TOTALS[kind];
      this.kinds[kind] = {
        linked: records, inactive: kind === "products" ? 3 : 0, conflicts: 0, quarantined: 0,
        nextRunAt: iso(DEFAULTS[kind] * 45), lastSuccessAt: iso(-DEFAULTS[kind] * 15),
        lastRun: { id: `r-${kind}`, type: kind, mode: "sync", trigger: "timer", state: "succeeded",
          startedAt: iso(-DEFAULTS[kind] * 15 - 20), finishedAt: iso(-DEFAULTS[kind] * 15),
          counts: { ...zero(), records, created: 2, updated: 5, unchanged: records - 7 }, error: null },
      };
    }
    if (scenario === "review") {
      Object.assign(this.config.direction, { contacts: "bidirectional", products: "bidirectional" });
      this.config.conflictPolicy.contacts = { default: "manual", fields: { phone: "crm_wins" } };
    }
    if (scenario === "running") KINDS.forEach((kind) => this.start(kind, "sync"));
    if (scenario === "trouble") {
      Object.assign(this.kinds.products.lastRun, { state: "held", counts: { ...zero(), records: 2000, unchanged: 1400 } });
      Object.assign(this.kinds.invoices, { quarantined: 2, conflicts: 1 });
      Object.assign(this.kinds.invoices.lastRun, { state: "partial", counts: { ...zero(), records: 1000, unchanged: 995, updated: 2, quarantined: 2, conflicts: 1 },
        error: "2 records could not be read." });
      Object.assign(this.kinds.inventory, { state: "backing_off", nextRunAt: iso(90) });
      Object.assign(this.kinds.inventory.lastRun, { state: "failed", error: { message: "json/warehouse_stock: HTTP 500 after 5 attempts" } });
      this.errors = [
        { type: "inventory", reason: "unreachable", message: "json/warehouse_stock: HTTP 500 after 5 attempts", at: iso(-70) },
        { type: "invoices", message: "2 records could not be read.", at: iso(-600) },
      ];
    }
  }

  start(kind, mode) {
    const state = this.kinds[kind];
    if (state.running) return { id: state.running.id, type: kind, coalesced: true };
    const id = `r-${++this.runNumber}`;
    state.running = { id, type: kind, mode, trigger: "manual", state: "running", startedAt: iso(), finishedAt: null, counts: zero(), error: null };
    this.log("info", kind, "run.started", "Run started.", id);
    return { id, type: kind };
  }

  tick() {
    for (const kind of KINDS) {
      const state = this.kinds[kind];
      const run = state.running;
      if (!run) continue;
      const total = TOTALS[kind];
      const done = Math.min(total, run.counts.records + Math.ceil(total * this.rate));
      const first = state.linked === 0 || run.first;
      run.first = first;
      run.counts.records = done;
      run.counts[first ? "created" : "unchanged"] = done;
      if (done < total) continue;
      delete run.first;
      this.review.carryOut(kind);
      Object.assign(run, { state: "succeeded", finishedAt: iso() });
      Object.assign(state, { linked: total, lastRun: run, lastSuccessAt: iso(), running: null,
        nextRunAt: this.enabled ? iso(this.config.intervals[kind] * 60) : null });
      this.log("info", kind, "run.finished", "Run finished.", run.id, run.counts);
    }
  }

  status() {
    const types = {};
    for (const kind of KINDS) {
      const s = this.kinds[kind];
      types[kind] = {
        direction: this.config.direction[kind], intervalMinutes: this.config.intervals[kind],
        state: s.running ? "running" : s.state ?? (this.enabled ? "idle" : "off"),
        nextRunAt: this.enabled && !s.running ? s.nextRunAt : null,
        lastRun: s.lastRun, lastSuccessAt: s.lastSuccessAt,
        linked: s.linked, inactive: s.inactive, ...(s.conflicts || s.quarantined ? { conflicts: s.conflicts, quarantined: s.quarantined } : this.review.counts(kind)),
        progress: s.running ? { records: s.running.counts.records, total: TOTALS[kind] } : null,
        ...(kind === "contacts" && s.linked ? { coverage: { found: 500, byDocuments: 342, byLookup: 101, bySweep: 57, complete: false, note: "The ERP has no list of partners." } } : {}),
      };
    }
    return {
      enabled: this.enabled, isRunning: KINDS.some((k) => this.kinds[k].running), config: this.config,
      activeTimers: this.enabled ? KINDS.map((type) => ({ type, nextRunAt: this.kinds[type].nextRunAt })) : [],
      connection: this.connection, types, errors: this.errors,
    };
  }

  configure(patch) {
    const errors = [];
    for (const [kind, minutes] of Object.entries(patch.intervals ?? {})) {
      if (!Number.isInteger(minutes) || minutes < 1 || minutes > 1440) errors.push({ path: `intervals.${kind}`, message: "must be a whole number from 1 to 1440" });
    }
    for (const [kind, direction] of Object.entries(patch.direction ?? {})) {
      if (!this.config.available.direction[kind]?.includes(direction)) errors.push({ path: `direction.${kind}`, message: "is not available in this version" });
    }
    if (patch.deleteGuard?.maxRecords === 13) errors.push({ path: "deleteGuard.maxRecords", message: "must not be 13 (to try out messages)" });
    if (patch.enabled && !this.credentials) errors.push({ path: "enabled", message: "needs credentials" });
    if (errors.length) throw new Problem(400, "Some values are not valid.", errors);
    for (const part of ["intervals", "direction", "deleteGuard"]) Object.assign(this.config[part], patch[part]);
    for (const [kind, rules] of Object.entries(patch.conflictPolicy ?? {})) Object.assign(this.config.conflictPolicy[kind], rules);
    for (const name of ["realTimeEnabled", "webhooksEnabled", "writeProtection"]) if (name in patch) this.config[name] = patch[name];
    if (patch.enabled !== undefined) this.enabled = patch.enabled;
    if (patch.enabled) KINDS.forEach((kind) => this.kinds[kind].lastRun ?? this.start(kind, "sync"));
    return this.status();
  }

  test(given) {
    const key = given ? given.secretKey : this.credentials?.secretKey ?? KEY;
    const url = given?.baseUrl ?? "";
    if (url.includes("unreachable")) return { ok: false, latencyMs: null, reason: "unreachable", message: "connection refused" };
    if (url.startsWith("https://127.") && !given.caCertificate) return { ok: false, latencyMs: null, reason: "tls", message: "certificate verify failed" };
    if (key !== KEY) return { ok: false, latencyMs: 31, reason: "invalid_credentials", message: "Invalid value for secret_key and company_id" };
    return { ok: true, latencyMs: 42, message: "" };
  }
}

function readLogs(world, query) {
  const limit = Number(query.get("limit") ?? 50);
  const before = query.get("before");
  const q = query.get("q")?.toLowerCase();
  const all = [...world.logs].reverse().filter((e) =>
    (!query.get("type") || e.type === query.get("type")) && (!query.get("level") || e.level === query.get("level")) &&
    (!query.get("operation") || e.operation === query.get("operation")) && (!query.get("run") || e.run === query.get("run")) &&
    (!query.get("from") || e.at >= query.get("from")) && (!query.get("to") || e.at <= query.get("to")) &&
    (!q || e.message.toLowerCase().includes(q)) && (!before || Number(e.id) < Number(before)));
  const items = all.slice(0, limit);
  return { items, next: all.length > limit ? items.at(-1).id : null };
}

function page(lang, title, body) {
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="stylesheet" href="/page.css"><script type="module" src="/panel.js"></script></head>
<body><main><h1>${title}</h1>${body}</main></body></html>`;
}

const PAGE_CSS = `body{margin:0;font-family:system-ui,sans-serif;background:#eef1f4;color:#1b2430}main{max-width:72rem;margin:0 auto;padding:1rem}
h1{font-size:1.375rem}@media (prefers-color-scheme:dark){body{background:#0f1318;color:#e8ecf1}}`;

export async function startFake({ port = 0, scenario = "fresh", rate = 0.04, latency = 120, login = false } = {}) {
  let world = new World(scenario, rate);
  const sessions = new Set();

  async function api(method, path, query, body) {
    if (scenario === "signed_out") throw new Problem(401, "Sign in.");
    const key = `${method} ${path}`;
    switch (key) {
      case "GET /auto-sync": return world.status();
      case "POST /auto-sync": return world.configure(body);
      case "DELETE /auto-sync": return world.configure({ enabled: false });
      case "POST /runs": return { runs: body.types.map((kind) => world.start(kind, body.mode)) };
      case "GET /credentials": {
        const c = world.credentials;
        return c ? { configured: true, companyId: c.companyId, baseUrl: c.baseUrl, setAt: c.setAt, ageDays: (Date.now() - Date.parse(c.setAt)) / 86400e3 } : { configured: false };
      }
      case "PUT /credentials":
        if (body.companyId === "0") throw new Problem(400, "Some values are not valid.", [{ path: "companyId", message: "must not be 0" }]);
        world.credentials = { ...body, setAt: iso() };
        world.connection = { state: "ok", checkedAt: iso(), message: null };
        return { configured: true };
      case "DELETE /credentials":
        world.credentials = null;
        world.enabled = false;
        world.connection = { state: "unconfigured", checkedAt: null, message: null };
        return null;
      case "POST /credentials/test": return world.test(body);
      case "GET /conflicts": return world.review.page(world.review.conflicts, query);
      case "GET /quarantine": return world.review.page(world.review.quarantined, query);
      case "GET /logs": return readLogs(world, query);
    }
    const [, decide] = /^POST \/conflicts\/(.+)$/.exec(key) ?? [];
    const conflict = decide && world.review.decide(decodeURIComponent(decide), body.resolution);
    if (conflict) return { conflict, run: world.start(conflict.type, "sync") };
    const [, retry] = /^POST \/quarantine\/(.+)\/retry$/.exec(key) ?? [];
    const record = retry && world.review.quarantined.find(({ id }) => id === decodeURIComponent(retry));
    if (record) return { record, run: world.start(record.type, "sync") };
    throw new Problem(404, "Not here.");
  }

  const server = createServer(async (req, res) => {
    const url = new URL(req.url, "http://host");
    const send = (status, type, text, headers = {}) => {
      res.writeHead(status, { "content-type": type, "content-security-policy": "default-src 'self'; style-src 'self'", ...headers });
      res.end(text);
    };
    const session = /sid=(\w+)/.exec(req.headers.cookie ?? "")?.[1];
    const signedIn = !login || sessions.has(session);
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();

    if (url.pathname === "/page.css") return send(200, "text/css", PAGE_CSS);
    if (url.pathname === "/panel.js") return send(200, "text/javascript", await readFile(new URL("../dist/panel.js", import.meta.url)));
    if (url.pathname === "/login") {
      if (req.method === "POST" && new URLSearchParams(text).get("password") === "admin") {
        const id = Math.random().toString(36).slice(2);
        sessions.add(id);
        return send(303, "text/plain", "", { location: "/settings/integrations/metakocka", "set-cookie": `sid=${id}; HttpOnly; Path=/` });
      }
      return send(200, "text/html", page("en", "Login", `<form method="post" action="/login"><label>User <input name="user"></label>
        <label>Password <input name="password" type="password"></label><button type="submit">Log in</button></form>`));
    }
    if (url.pathname.startsWith(BASE)) {
      await new Promise((done) => setTimeout(done, latency));
      try {
        if (!signedIn) throw new Problem(401, "Sign in.");
        if (req.method !== "GET" && req.headers["x-csrf-token"] !== "dev-token") throw new Problem(403, "The CSRF token is missing or wrong.");
        if (url.pathname === `${BASE}/logs/export`) {
          url.searchParams.set("limit", "1000000");
          const { items } = readLogs(world, url.searchParams);
          return send(200, "application/jsonl", items.map((i) => JSON.stringify(i)).join("\n"), { "content-disposition": "attachment; filename=logs.jsonl" });
        }
        const answer = await api(req.method, url.pathname.slice(BASE.length), url.searchParams, text ? JSON.parse(text) : undefined);
        return answer === null ? send(204, "text/plain", "") : send(url.pathname.endsWith("/runs") ? 202 : 200, "application/json", JSON.stringify(answer));
      } catch (e) {
        return send(e.status ?? 500, "application/problem+json", JSON.stringify({ type: "about:blank", title: e.message, status: e.status ?? 500, detail: e.message, errors: e.errors }));
      }
    }
    if (!signedIn) return send(303, "text/plain", "", { location: "/login" });
    if (url.searchParams.has("scenario")) world = new World(url.searchParams.get("scenario"), rate);
    const lang = url.searchParams.get("lang") ?? "en";
    const attributes = `base="${BASE}" lang="${lang}" csrf="dev-token"`;
    if (url.pathname === "/settings/integrations/metakocka") {
      return send(200, "text/html", page(lang, "Metakocka", `<metakocka-autosync ${attributes} logs-href="/settings/integrations/metakocka/logs"></metakocka-autosync>`));
    }
    if (url.pathname === "/settings/integrations/metakocka/logs") {
      return send(200, "text/html", page(lang, "Logs", `<metakocka-autosync-logs ${attributes}></metakocka-autosync-logs>`));
    }
    if (url.pathname === "/") return send(303, "text/plain", "", { location: "/settings/integrations/metakocka" });
    send(404, "text/plain", "not found");
  });
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await startFake({
    port: Number(process.env.PORT ?? 5178), scenario: process.env.SCENARIO ?? "fresh", login: process.env.LOGIN === "1",
  });
  console.log(`${url}/settings/integrations/metakocka`);
}
