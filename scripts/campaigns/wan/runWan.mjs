// The campaign's course: the network, its finality without faults, then one fault after another.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkChainSpec, DEVELOPMENT_KEYS, parseChainSpecJson } from "@festina/chainspec";
import { createPrng } from "@festina/primitives";
import { sleep } from "../devnet/patience.mjs";
import { TransferStream } from "../devnet/transferStream.mjs";
import { planFaults, runFault } from "./faults.mjs";
import { findForks, measureFinality } from "./finality.mjs";
import { WanNetwork } from "./wanNetwork.mjs";

const SETTLE_MS = 2_000;
/** Hops of a block: PRE-PREPARE, PREPARE, COMMIT. */
const HOPS = 3;
const COMPUTING_MS = 100;
const EXIT_INTERRUPTED = 130;

/** What the transfer load needs to know, in the words of a devnet. */
function asDevnet(network, folder) {
  const spec = checkChainSpec(parseChainSpecJson(readFileSync(join(folder, "net/member-1/chainspec.json"), "utf8")));
  if (!spec.ok) throw new Error(spec.error.message);
  return {
    spec: spec.value,
    members: network.nodes.map(({ name }) => name),
    accounts: DEVELOPMENT_KEYS,
    rpc: () => network.ask.bind(network),
  };
}

async function measure(network, seconds) {
  await sleep(SETTLE_MS);
  const fromMs = Date.now();
  await sleep(seconds * 1_000);
  const untilMs = Date.now();
  await sleep(SETTLE_MS);
  const finality = measureFinality(network.members, { fromMs, untilMs });
  return { ...finality, boundMs: HOPS * network.delayMsMax + COMPUTING_MS };
}

/** Under load throughout: one fault after the other, each healed before the next. */
async function breakLinks(network, options) {
  const prng = createPrng(options.seed + 1);
  const faults = [];
  for (const fault of planFaults(network, { prng, ...options })) {
    const told = await runFault(network, fault, { ms: options.faultSeconds * 1_000, ...options, prng });
    faults.push(told);
    const quorum = told.isQuorate ? "" : " (those left hold no quorum since the election)";
    options.print(
      `${told.name}, ${told.seconds} s: healed ${told.healedMs} ms after, longest gap ${told.gapMs} ms${quorum}`,
    );
  }
  return faults;
}

/** @returns figures with their findings */
export async function runWan(options) {
  const { print, seed, loss, members } = options;
  const network = new WanNetwork(options);
  const clear = () => network.clear();
  const onSignal = () => process.exit(EXIT_INTERRUPTED);
  process.once("exit", clear);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, onSignal);
  try {
    await network.start();
    const { kind, hasLoss } = network.links;
    print(`${members} members and a miner behind ${kind}; one-way delays in ms, from row to column:`);
    for (const [index, row] of network.delays.entries())
      print(`  ${network.nodes[index].name.padEnd(9)} ${row.map((ms) => `${ms}`.padStart(4)).join("")}`);
    const load = new TransferStream(asDevnet(network, options.folder));
    await load.start();
    const finality = await measure(network, options.seconds);
    print(`finality of ${finality.blocks} blocks: p50 ${finality.p50Ms} ms, p95 ${finality.p95Ms} ms`);
    const faults = await breakLinks(network, options);
    await load.stop();
    const findings = [...faults.flatMap((fault) => fault.findings), ...findForks(network.nodes)];
    if (!(finality.p50Ms <= finality.boundMs))
      findings.push(`PRE-PREPARE to COMMITTED takes ${finality.p50Ms} ms, more than ${finality.boundMs}`);
    const viewsSkipped = Math.max(...network.members.map((member) => member.viewsSkipped));
    const packets = await network.links.counts();
    const head = Math.max(...network.members.map((member) => member.head));
    return {
      ...{ links: kind, members, seed, delays: network.delays, loss: hasLoss ? loss : 0, finality, faults },
      ...{ head, transfers: load.final, viewsSkipped, packets, findings },
    };
  } finally {
    await network.stop();
    process.off("exit", clear);
    for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, onSignal);
  }
}
