// The real programs, started in a folder of their own: the simulated ERP, the sample CRM, the module in it.
import { spawn, execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const BUILD = resolve(process.env.BUILD ?? join(dirname(fileURLToPath(import.meta.url)), "../build/release"));
export const API = "/api/integrations/metakocka";
export const KINDS = ["contacts", "products", "invoices", "inventory"];
export const COMPANY = "1";
export const KEY = "sim-secret-key-1";
export const PASSWORD = "a password for tests";

const START_DEADLINE = 60_000;

/** Resolves with `probe`'s first truthy answer; asks every 50 ms until the deadline. */
export async function until(what, probe, deadline = 60_000) {
  const end = Date.now() + deadline;
  let last;
  for (;;) {
    try {
      last = await probe();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${deadline} ms; last: ${last?.stack ?? JSON.stringify(last)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

class Process {
  constructor(program, args, log, env = {}) {
    this.output = "";
    this.child = spawn(join(BUILD, "bin", program), args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.exited = new Promise((done) => this.child.once("exit", (code, signal) => done(code ?? signal)));
    this.exited.then((how) => (this.ended = how));
    const file = createWriteStream(log, { flags: "a" });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        this.output += text;
        file.write(text);
      });
    }
  }

  line(pattern) {
    return until(`${this.child.spawnfile} prints ${pattern}`, () => {
      if (this.ended !== undefined) throw new Error(`it ended (${this.ended}): ${this.output}`);
      return pattern.exec(this.output);
    }, START_DEADLINE);
  }

  async kill(signal) {
    if (this.ended === undefined) this.child.kill(signal);
    return this.exited;
  }
}

export class Stack {
  static async start({ erp = {}, connect = true } = {}) {
    const stack = new Stack();
    stack.folder = await mkdtemp(join(tmpdir(), "autosync-"));
    const sizes = { products: 60, partners: 30, invoices: 40, seed: 1, companies: 1, ...erp };
    stack.erp = new Process("metakocka-sim", [
      "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--tls-dir", join(stack.folder, "tls"),
      ...Object.entries(sizes).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ], join(stack.folder, "erp.log"));
    stack.erpUrl = (await stack.erp.line(/^metakocka-sim ready (\S+)/m))[1];
    stack.erpAdmin = (await stack.erp.line(/^metakocka-sim admin (\S+)/m))[1];
    stack.erpCa = await readFile(join(stack.folder, "tls/ca.pem"), "utf8");
    stack.erpCaFile = join(stack.folder, "tls/ca.pem");
    stack.data = join(stack.folder, "crm");
    stack.cli("plugin", "enable", "metakocka");
    await stack.startHost();
    stack.token = stack.cli("token", "--role", "admin");
    if (connect) await stack.connect();
    return stack;
  }

  cli(...args) {
    return execFileSync(join(BUILD, "bin/crm-host"), [...args, "--data", this.data], { encoding: "utf8" }).trim();
  }

  async startHost(...options) {
    this.host = new Process("crm-host", ["serve", "--data", this.data, "--listen", "127.0.0.1:0", ...options],
      join(this.folder, "crm.log"), { CRM_ADMIN_PASSWORD: PASSWORD });
    this.url = (await this.host.line(/^crm-host ready (\S+)/m))[1];
  }

  /** As after a power cut, unless another signal is named. */
  async restartHost(signal = "SIGKILL") {
    await this.host.kill(signal);
    await this.startHost();
  }

  async raw(method, path, body, headers = {}) {
    return fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async call(method, path, body) {
    const answer = await this.raw(method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${text}`), { status: answer.status });
    return text ? JSON.parse(text) : undefined;
  }

  api(method, path, body) {
    return this.call(method, API + path, body);
  }

  async admin(method, path, body) {
    const answer = await fetch(this.erpAdmin + path, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Another ERP at `listen`, with a certificate for 127.0.0.1 and localhost that the same authority signed. */
  async erpAt(listen) {
    const tls = join(this.folder, "tls");
    const erp = new Process("metakocka-sim", ["--listen", listen, "--tls-cert", join(tls, "server.pem"), "--tls-key",
      join(tls, "server.key"), "--companies", "1", "--products", "5", "--partners", "5", "--invoices", "5", "--seed", "1"],
      join(this.folder, "erp-2.log"));
    return { url: (await erp.line(/^metakocka-sim ready (\S+)/m))[1], stop: () => erp.kill("SIGTERM") };
  }

  connect(changes = {}) {
    return this.api("PUT", "/credentials", {
      companyId: COMPANY, secretKey: KEY, baseUrl: this.erpUrl, caCertificate: this.erpCa, ...changes,
    });
  }

  /** Everything of a kind that the ERP has, as it truly is. */
  async truth(kind) {
    const items = [];
    for (;;) {
      const page = await this.admin("GET", `companies/${COMPANY}/${kind}?offset=${items.length}&limit=1000`);
      items.push(...page.items);
      if (page.items.length === 0 || items.length >= page.total) return items;
    }
  }

  /** Everything of a kind that the CRM has. */
  async records(kind, query = "") {
    const items = [];
    let after = "";
    do {
      const page = await this.call("GET", `/api/${kind}?limit=200${query}${after && `&after=${encodeURIComponent(after)}`}`);
      items.push(...page.items);
      after = page.next;
    } while (after);
    return items;
  }

  /** Runs one kind now and answers the finished run. */
  async sync(kind, mode = "sync", deadline = 120_000) {
    const { runs } = await this.api("POST", "/runs", { types: [kind], mode });
    return this.finished(runs[0].id, deadline);
  }

  async syncAll(mode = "sync") {
    const runs = {};
    for (const kind of KINDS) runs[kind] = await this.sync(kind, mode);
    return runs;
  }

  finished(id, deadline = 120_000) {
    return until(`run ${id} finished`, async () => {
      const run = await this.api("GET", `/runs/${id}`);
      return !["queued", "running"].includes(run.state) && run;
    }, deadline);
  }

  async stop() {
    await this.host?.kill("SIGTERM");
    await this.erp?.kill("SIGTERM");
    if (!process.env.KEEP) await rm(this.folder, { recursive: true, force: true });
  }
}
