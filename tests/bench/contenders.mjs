// The two that are measured: the floor program, and the module in the sample CRM.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { BUILD, COMPANY, KEY, Stack } from "../stack.mjs";

const RUN_DEADLINE = 600_000;

/** The simulator with that many products and a CRM beside it, ready to sync. */
export function startStack(products) {
  return Stack.start({ erp: { products, stock: 0, partners: 10, invoices: 0 } });
}

/** An empty CRM in place of the old one: a new folder, a new process. */
export async function freshHost(stack) {
  await stack.host.kill("SIGTERM");
  await rm(stack.data, { recursive: true, force: true });
  stack.cli("plugin", "enable", "metakocka");
  await stack.startHost();
  stack.token = stack.cli("token", "--role", "admin");
  await stack.connect();
}

/** A first load and an unchanged re-run, each by a process of its own. */
export async function measureFloor(stack) {
  const folder = await mkdtemp(join(stack.folder, "floor-"));
  const load = async (mode) => {
    const { stdout } = await promisify(execFile)(join(BUILD, "bin/bench-floor"), [
      mode, stack.erpUrl, stack.erpCaFile, COMPANY, KEY, join(folder, "floor.db"),
    ]);
    return JSON.parse(stdout);
  };
  try {
    const first = await load("first");
    const again = await load("unchanged");
    if (first.written !== first.records || again.written !== 0) throw new Error("the floor did not do its work");
    return { first, again };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same by the module; the CRM must be fresh. Memory is the peak of the CRM's whole process during the runs. */
export async function measureModule(stack) {
  await forgetPeakMemory(stack.host.child.pid);
  const load = async (mode) => {
    const run = await stack.sync("products", "sync", RUN_DEADLINE);
    const { records, created, unchanged } = run.counts;
    if (run.state !== "succeeded" || records !== (mode === "first" ? created : unchanged)) {
      throw new Error(`the module's ${mode} run: ${JSON.stringify(run)}`);
    }
    const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
    return { mode, records, seconds, recordsPerSecond: records / seconds, peakMemoryMiB: await peakMemory(stack.host.child.pid) };
  };
  return { first: await load("first"), again: await load("unchanged") };
}

/** How long status requests took, in ms, while `work` was going on. */
export async function latenciesDuring(stack, work) {
  const took = [];
  let over = false;
  const done = work().finally(() => (over = true));
  while (!over) {
    const start = performance.now();
    await stack.api("GET", "/auto-sync");
    took.push(performance.now() - start);
    await new Promise((next) => setTimeout(next, 10));
  }
  await done;
  return took;
}

/** The password hashed at the CRM's start takes 64 MiB for a moment, which would hide what the runs take. */
async function forgetPeakMemory(pid) {
  await writeFile(`/proc/${pid}/clear_refs`, "5");
}

async function peakMemory(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)[1]) / 1024;
}
