// A thread that runs a contract as nodes do, a whole transaction's gas at once, and how late its timers are.
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { createRunner } from "../tvm/ours.mjs";

/** What a transaction may have (EIP-7825), less what it pays beforehand. */
const CALL_GAS = 2n ** 24n - 21_000n;
/** So long after the compiler has answered: modules are linked, entered, and optimised. */
const AFTERMATH_MS = 1_500;
const RESOLUTION_MS = 2;

/** Runs until the engine's compiler has answered, and a little longer; `leastMs` for engines without one. */
export async function runUnderWatch(engine, { code, data = new Uint8Array() }, { leastMs, mostMs }) {
  const runCall = createRunner(engine, { gasLimit: CALL_GAS, endsOutOfGas: true });
  const answers = () => {
    const { compiled, refused } = engine.compilerStatus?.() ?? { compiled: 0, refused: {} };
    return compiled + Object.values(refused).reduce((sum, count) => sum + count, 0);
  };
  const before = answers();
  const rssBefore = process.memoryUsage().rss;
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  // As a node does before it serves anybody.
  await engine.prepare?.();
  const beganMs = performance.now();
  /** @type {number | null} */
  let answeredMs = null;
  let longestCallMs = 0;
  let calls = 0;
  delay.enable();
  for (;;) {
    const { ms } = await runCall({ code, data });
    calls += 1;
    longestCallMs = Math.max(longestCallMs, ms);
    await new Promise((resolve) => setImmediate(resolve));
    const nowMs = performance.now();
    if (answeredMs === null && answers() > before) answeredMs = nowMs;
    const isDone = answeredMs === null ? nowMs - beganMs > mostMs : nowMs - answeredMs > AFTERMATH_MS;
    if (isDone && nowMs - beganMs > leastMs) break;
  }
  delay.disable();
  return {
    calls,
    ranMs: performance.now() - beganMs,
    longestCallMs,
    delayMaxMs: delay.max / 1e6,
    delay99Ms: delay.percentile(99) / 1e6,
    rssGrowthMb: (process.memoryUsage().rss - rssBefore) / 2 ** 20,
  };
}
