// Prints how fast the module takes products over beside the floor, its memory, and the status's latency meanwhile.
import { parseArgs } from "node:util";
import { freshHost, latenciesDuring, measureFloor, measureModule, startStack } from "./contenders.mjs";
import { median, percentile, round, table } from "./figures.mjs";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, products: { type: "string", default: "100000" } },
});
const ROUNDS = Number(options.rounds);
const PRODUCTS = Number(options.products);
const FEW = PRODUCTS / 10;
const MARKS = { first: 0.35, again: 0.5, memoryMiB: 30 / 1.048576, statusP99Ms: 50 };

let stack;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => (stack?.stop() ?? Promise.resolve()).finally(() => process.exit(1)));
}

async function withStack(products, work) {
  stack = await startStack(products);
  try {
    return await work();
  } finally {
    await stack.stop();
    stack = undefined;
  }
}

const few = await withStack(FEW, () => measureModule(stack));

const floor = [];
const module = [];
const latencies = await withStack(PRODUCTS, async () => {
  await measureFloor(stack); // warms the simulator up
  for (let i = 0; i < ROUNDS; ++i) {
    floor.push(await measureFloor(stack));
    if (i) await freshHost(stack);
    module.push(await measureModule(stack));
    const speeds = [floor, module].flatMap((all) => [all[i].first, all[i].again]).map((load) => round(load.recordsPerSecond));
    console.error(`round ${i + 1}/${ROUNDS}: floor ${speeds[0]} and ${speeds[1]}, module ${speeds[2]} and ${speeds[3]} records/s`);
  }
  await freshHost(stack);
  return latenciesDuring(stack, () => measureModule(stack));
});

const speed = (all, load) => round(median(all.map((one) => one[load].recordsPerSecond)));
const memory = (all) => round(median(all.map((one) => one.again.peakMemoryMiB)), 1);
// Neighbours of the same round saw the same neighbours on the machine.
const ratio = (load) => round(median(module.map((one, i) => one[load].recordsPerSecond / floor[i][load].recordsPerSecond)), 3);

const result = {
  products: PRODUCTS,
  rounds: ROUNDS,
  floor: { first: speed(floor, "first"), unchanged: speed(floor, "again"), peakMemoryMiB: memory(floor) },
  module: { first: speed(module, "first"), unchanged: speed(module, "again"), peakMemoryMiB: memory(module) },
  ratio: { first: ratio("first"), unchanged: ratio("again") },
  memory: { few: FEW, fewMiB: memory([few]), manyMiB: memory(module), growthMiB: round(memory(module) - memory([few]), 1) },
  statusMs: {
    requests: latencies.length,
    p50: round(percentile(latencies, 0.5), 1),
    p99: round(percentile(latencies, 0.99), 1),
    max: round(Math.max(...latencies), 1),
  },
};

const verdict = (good) => (good ? "met" : "MISSED");
console.log(
  table([
    [`${PRODUCTS} products, median of ${ROUNDS}`, "floor", "module", "ratio", "mark", ""],
    ["first load, records/s", result.floor.first, result.module.first, result.ratio.first, `>= ${MARKS.first}`,
      verdict(result.ratio.first >= MARKS.first)],
    ["unchanged, records/s", result.floor.unchanged, result.module.unchanged, result.ratio.unchanged, `>= ${MARKS.again}`,
      verdict(result.ratio.unchanged >= MARKS.again)],
    ["peak memory, MiB", result.floor.peakMemoryMiB, result.module.peakMemoryMiB, "", "", ""],
    [`… above ${FEW} products, MiB`, "", result.memory.growthMiB, "", `<= ${MARKS.memoryMiB.toFixed(1)}`,
      verdict(result.memory.growthMiB <= MARKS.memoryMiB)],
    [`status meanwhile, ms: p50 ${result.statusMs.p50}, p99, max ${result.statusMs.max}`, "", result.statusMs.p99, "",
      `< ${MARKS.statusP99Ms}`, verdict(result.statusMs.p99 < MARKS.statusP99Ms)],
  ]),
);
console.log(JSON.stringify(result));
