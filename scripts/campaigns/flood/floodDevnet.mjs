// A devnet under a load of transfers, flooded and not flooded in turns.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "../../statistics.mjs";
import { findProcess, residentMib, runPinned, targetOf } from "../devnet/attack.mjs";
import { DevnetUnderTest } from "../devnet/devnetUnderTest.mjs";
import { sleep } from "../devnet/patience.mjs";
import { TransferStream } from "../devnet/transferStream.mjs";

const FLOODER = fileURLToPath(new URL("./flooder.mjs", import.meta.url));
const RATIO_MIN = 0.9;
const CUT_OFF_MS_MAX = 1_000;
/** How much more memory than a member that is not flooded, after the same work, the victim may hold. */
const EXCESS_MIB_MAX = 64;
const WARM_UP_MS = 5_000;

export async function floodDevnet({ folder, seconds, rounds, rpcPort, print }) {
  const network = new DevnetUnderTest(join(folder, "devnet"));
  const stream = new TransferStream(network);
  try {
    await network.start(rpcPort);
    const task = await targetOf(network, "flooder");
    await stream.start();
    await sleep(WARM_UP_MS);
    const rates = { burn: /** @type {number[]} */ ([]), send: /** @type {number[]} */ ([]) };
    const told = [];
    // Nodes fill their caches under load, flooded or not: the third member neither is flooded nor serves the load.
    const [victim, , bystander] = network.placed.map(({ layout }) => findProcess(layout.configFile));
    const memoryMib = { victim: /** @type {number[]} */ ([]), bystander: /** @type {number[]} */ ([]) };
    for (let round = 0; round < rounds; round++) {
      for (const mode of /** @type {const} */ (["burn", "send"])) {
        const before = stream.final;
        const begunMs = performance.now();
        const answer = await runPinned(FLOODER, { mode, seconds, ...task });
        rates[mode].push((1_000 * (stream.final - before)) / (performance.now() - begunMs));
        if (mode === "burn") continue;
        told.push(answer);
        memoryMib.victim.push(residentMib(victim));
        memoryMib.bystander.push(residentMib(bystander));
      }
      print(
        `round ${round + 1}: ${rates.burn[round].toFixed(0)} transfers/s beside a busy core, ${rates.send[round].toFixed(0)} under the flood`,
      );
    }
    await stream.stop();
    const ratio = median(rates.send) / median(rates.burn);
    const cutOffMs = told.flatMap((answer) => answer.cutOffMs);
    const most = Math.max(0, ...cutOffMs);
    const fruits = told.reduce((sum, answer) => sum + answer.fruits, 0);
    const excessMib = median(memoryMib.victim.map((mib, round) => mib - (memoryMib.bystander[round] ?? 0)));
    const findings = /** @type {string[]} */ ([]);
    if (ratio < RATIO_MIN) findings.push(`honest throughput is ${(100 * ratio).toFixed(1)} % of the control's`);
    if (cutOffMs.length === 0) findings.push("the flooder was never cut off");
    if (most > CUT_OFF_MS_MAX) findings.push(`the flooder was cut off only after ${most.toFixed(0)} ms`);
    if (excessMib > EXCESS_MIB_MAX)
      findings.push(`the flooded node holds ${excessMib.toFixed(0)} MiB more than one that is not flooded`);
    print(`honest throughput under the flood: ${(100 * ratio).toFixed(1)} % of the control (medians of ${rounds})`);
    print(
      `${fruits} invalid fruits sent, cut off ${cutOffMs.length} times after ${median(cutOffMs).toFixed(0)} ms (median), ${most.toFixed(0)} ms (most)`,
    );
    for (const [who, values] of Object.entries(memoryMib))
      print(`memory of the ${who} after each round: ${values.map((mib) => mib.toFixed(0)).join(", ")} MiB`);
    return {
      rates,
      ratio,
      cutOffs: cutOffMs.length,
      cutOffMsMedian: median(cutOffMs),
      cutOffMsMax: most,
      fruits,
      memoryMib,
      findings,
    };
  } finally {
    await stream.stop().catch(() => undefined);
    await network.stop();
  }
}
