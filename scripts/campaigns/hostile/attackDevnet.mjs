// A devnet under a load of transfers, attacked in every way, each beside a control in which the attacker's core only burns.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "../../statistics.mjs";
import { cpuSeconds, findProcess, residentMib, runPinned, targetOf } from "../devnet/attack.mjs";
import { DevnetUnderTest } from "../devnet/devnetUnderTest.mjs";
import { sleep } from "../devnet/patience.mjs";
import { TransferStream } from "../devnet/transferStream.mjs";
import { ATTACKS, differentAddresses } from "./attacks.mjs";

const ATTACKER = fileURLToPath(new URL("./attacker.mjs", import.meta.url));
/**
 * How much more memory than a member that is not attacked, after the same work, the victim may hold: forty strangers have
 * a place, and each may leave a megabyte in its socket and two answers of this chain's size unread.
 */
const EXCESS_MIB_MAX = 160;
/** What the address book has places for. */
const BOOK_MAX = 128 * 16;
const WARM_UP_MS = 4_000;
const SETTLE_MS = 1_000;

/** Links among the honest that are missing, and misdeeds that the honest are said to have done. */
async function honestFaults(network) {
  const reports = await Promise.all(network.names.map((name) => network.rpc(name)("net_peers")));
  const honest = new Set(reports.map(({ nodeId }) => nodeId));
  return reports.flatMap(({ nodeId, peers }, index) => {
    const linked = peers.filter((peer) => honest.has(peer.nodeId));
    const missing = honest.size - 1 - linked.length;
    const blamed = linked.filter(({ points }) => points > 0);
    return [
      ...(missing > 0 ? [`${network.names[index]} lacks ${missing} honest links`] : []),
      ...blamed.map((peer) => `${network.names[index]} holds ${peer.points} points against the honest ${peer.nodeId}`),
      ...(nodeId === undefined ? ["a node has no id"] : []),
    ];
  });
}

/** Bans of the honest by the honest, as both sides' logs tell them. */
function honestBans(network) {
  return network.names.reduce((sum, name) => sum + network.log(name).split('"code":"BANNED"').length - 1, 0);
}

export async function attackDevnet({ folder, seconds, rounds, attacks, ratioMin, rpcPort, print }) {
  const network = new DevnetUnderTest(join(folder, "devnet"));
  const stream = new TransferStream(network);
  const hasControl = ratioMin > 0;
  const wanted = attacks ?? Object.keys(ATTACKS);
  /** @type {Record<string, { burn: number[], send: number[], did: Record<string, number>[], victimCores: { burn: number[], send: number[] } }>} */
  const figures = Object.fromEntries(
    wanted.map((name) => [name, { burn: [], send: [], did: [], victimCores: { burn: [], send: [] } }]),
  );
  const findings = /** @type {string[]} */ ([]);
  try {
    await network.start(rpcPort);
    const target = await targetOf(network, "hostile");
    const ask = network.rpc(network.placed[0].name);
    await stream.start();
    await sleep(WARM_UP_MS);
    const [victim, , bystander] = network.placed.map(({ layout }) => findProcess(layout.configFile));
    const run = async (mode, round) => {
      const { epoch, view } = await ask("festina_status");
      const before = stream.final;
      const begunMs = performance.now();
      const cpuBefore = cpuSeconds(victim);
      const did = await runPinned(ATTACKER, {
        mode,
        seconds,
        ...target,
        place: { epoch, view },
        share: round / rounds,
      });
      const elapsedSeconds = (performance.now() - begunMs) / 1_000;
      return {
        did,
        rate: (stream.final - before) / elapsedSeconds,
        cores: (cpuSeconds(victim) - cpuBefore) / elapsedSeconds,
      };
    };
    for (let round = 0; round < rounds; round++) {
      for (const name of wanted) {
        const figure = figures[name];
        if (figure === undefined) throw new Error(`there is no attack ${name}`);
        const control = hasControl ? await run("burn", round) : { rate: Number.NaN, cores: Number.NaN };
        const { did, rate, cores } = await run(name, round);
        figure.burn.push(control.rate);
        figure.send.push(rate);
        figure.victimCores.burn.push(control.cores);
        figure.victimCores.send.push(cores);
        figure.did.push(did);
        print(
          `${name}: ${rate.toFixed(0)} transfers/s, ${cores.toFixed(2)} cores of the victim; ` +
            `beside a busy core ${control.rate.toFixed(0)} and ${control.cores.toFixed(2)}`,
        );
        print(`  ${JSON.stringify(did)}`);
      }
    }
    await stream.stop();
    await sleep(SETTLE_MS);
    const memoryMib = { victim: residentMib(victim), bystander: residentMib(bystander) };
    const { book, peers } = await ask("net_peers");
    findings.push(...(await honestFaults(network)));
    if (network.deaths.length > 0) findings.push(`died: ${network.deaths.join(", ")}`);
    const bans = honestBans(network);
    const sums = { burn: 0, send: 0 };
    for (const [name, { burn, send, did }] of Object.entries(figures)) {
      if (Math.max(...send) === 0) findings.push(`nothing became final under ${name}`);
      if (did.some((one) => one.cutOffs === 0)) findings.push(`who sent ${name} was let go on`);
      const ratio = median(send) / median(burn);
      sums.burn += median(burn);
      sums.send += median(send);
      const told = name === "addresses" ? `; ${differentAddresses(did)} different addresses told` : "";
      print(`${name}: ${(100 * ratio).toFixed(1)} % of the control${told}`);
    }
    const ratio = sums.send / sums.burn;
    if (hasControl && ratio < ratioMin)
      findings.push(`honest throughput is ${(100 * ratio).toFixed(1)} % of the control's`);
    const excessMib = memoryMib.victim - memoryMib.bystander;
    if (excessMib > EXCESS_MIB_MAX) findings.push(`the victim holds ${excessMib.toFixed(0)} MiB more than a bystander`);
    if (book.heardOf > BOOK_MAX) findings.push(`the address book holds ${book.heardOf} addresses`);
    print(`all attacks: ${(100 * ratio).toFixed(1)} % of the control`);
    print(`memory: victim ${memoryMib.victim.toFixed(0)} MiB, bystander ${memoryMib.bystander.toFixed(0)} MiB`);
    print(
      `address book: ${book.heardOf} heard of, ${book.reached} reached; ${peers.length} peers; ${bans} bans told in logs`,
    );
    return { figures, ratio, memoryMib, book, bans, findings };
  } finally {
    await stream.stop().catch(() => undefined);
    await network.stop();
  }
}
