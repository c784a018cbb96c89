// A devnet with two miners whose links run through this process: one member and the stronger miner are cut off, and come back.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkSupplies } from "../../outside/checkSupply.mjs";
import { DevnetUnderTest } from "../devnet/devnetUnderTest.mjs";
import { orNothing, sleep, waitFor } from "../devnet/patience.mjs";
import { linkProcesses } from "./linkProxies.mjs";

/** Those without a quorum do more of the work: their branch is the heavier one, and must not win. */
const CPU_SHARES = new Map([
  ["miner-1", 0.04],
  ["miner-2", 0.08],
]);
const LESSER = ["member-4", "miner-2"];
const BEGIN_BLOCKS = { fast: 20, snail: 3 };
const WAIT_MS = 180_000;
const AFTERMATH_BLOCKS = 30;
const POLL_MS = 1_000;

const quantity = (number) => `0x${number.toString(16)}`;

function setShares(placed) {
  for (const { name, layout } of placed) {
    const config = JSON.parse(readFileSync(layout.configFile, "utf8"));
    const cpuShare = CPU_SHARES.get(name);
    if (cpuShare === undefined || config.miner === null) continue;
    writeFileSync(
      layout.configFile,
      `${JSON.stringify({ ...config, miner: { ...config.miner, cpuShare } }, null, 2)}\n`,
    );
  }
}

async function headsOf(network) {
  const heads = [];
  for (const name of network.names) {
    const { headNumber, headHash, snailNumber, snailHash } = await network.rpc(name)("festina_status");
    heads.push({ name, headNumber, headHash, snailNumber, snailHash });
  }
  return heads;
}

/** Whether all have one chain of either kind, but for blocks on their way. */
async function isWhole(network) {
  const heads = await headsOf(network);
  const fast = Math.min(...heads.map(({ headNumber }) => headNumber));
  const snail = Math.min(...heads.map(({ snailNumber }) => snailNumber));
  if (heads.some(({ headNumber }) => headNumber > fast + 3)) return null;
  const seen = new Set();
  for (const name of network.names) {
    const ask = network.rpc(name);
    const block = await ask("eth_getBlockByNumber", quantity(fast), false);
    const snailBlock = await ask("snail_getBlockByNumber", quantity(snail), false);
    seen.add(`${block?.hash} ${snailBlock?.hash}`);
  }
  return seen.size === 1 ? { fast, snail } : null;
}

/** Whether final blocks pay each snail block once, and each snail block packs fruits that none before it has. */
async function checkPay(ask, head) {
  const findings = [];
  let paid = 0;
  const fruits = new Set();
  for (let number = 1; number <= head; number++) {
    const { snailNumber, rewards } = await ask("festina_requests", quantity(number));
    if (snailNumber === null) {
      if (rewards.length > 0) findings.push(`block ${number} pays without a snail block`);
      continue;
    }
    if (Number(snailNumber) !== paid + 1)
      findings.push(`block ${number} pays snail block ${snailNumber} after ${paid}`);
    paid = Number(snailNumber);
    const block = await ask("snail_getBlockByNumber", snailNumber, false);
    for (const fruit of block.fruits) {
      if (fruits.has(fruit)) findings.push(`fruit ${fruit} is packed twice`);
      fruits.add(fruit);
    }
  }
  return { findings, paid, fruits: fruits.size };
}

async function checkFinality(network, heads) {
  const findings = [];
  for (const { name, headNumber, headHash } of heads) {
    for (const other of network.names) {
      const block = await network.rpc(other)("eth_getBlockByNumber", quantity(headNumber), false);
      if (block?.hash !== headHash) findings.push(`${other} has not block ${headNumber} that was final at ${name}`);
    }
  }
  return findings;
}

/** Snail blocks that the logs say were taken back. */
function countReverted(network) {
  return network.names.map((name) => {
    const lines = network.log(name).split("\n");
    const heads = lines.filter((line) => line.includes('"snailHead"')).map((line) => JSON.parse(line));
    return { name, reverted: heads.reduce((sum, { reverted }) => sum + Number(reverted ?? 0), 0) };
  });
}

export async function splitProcesses({ folder, seconds, snailSeconds, rpcPort, print }) {
  const network = new DevnetUnderTest(join(folder, "devnet"), ["--miners", "2", "--snail-seconds", `${snailSeconds}`]);
  /** @type {Awaited<ReturnType<typeof linkProcesses>> | null} */
  let links = null;
  try {
    await network.start(rpcPort);
    await network.stop();
    setShares(network.placed);
    const linked = await linkProcesses(network.placed);
    links = linked;
    await network.start();
    const ask = network.rpc(network.members[0]);
    await waitFor(
      "both chains",
      WAIT_MS,
      orNothing(async () => {
        const { headNumber, snailNumber } = await ask("festina_status");
        return headNumber >= BEGIN_BLOCKS.fast && snailNumber >= BEGIN_BLOCKS.snail;
      }),
      POLL_MS,
    );
    const side = LESSER.map((name) => network.names.indexOf(name));
    const atSplit = await headsOf(network);
    linked.cut(side);
    print(
      `${LESSER.join(" and ")} are cut off at block ${atSplit[0].headNumber}, snail block ${atSplit[0].snailNumber}`,
    );
    await sleep(seconds * 1_000);
    const atHeal = await headsOf(network);
    linked.mend(side);
    const mendedMs = performance.now();
    for (const { name, headNumber, snailNumber } of atHeal)
      print(`  ${name.padEnd(9)} fast ${headNumber}  snail ${snailNumber}`);
    const whole = await waitFor(
      "one chain",
      WAIT_MS,
      orNothing(() => isWhole(network)),
      POLL_MS,
    );
    const healedSeconds = Math.round((performance.now() - mendedMs) / 1_000);
    print(`healed: one chain of each kind after ${healedSeconds} s, fast ${whole.fast}, snail ${whole.snail}`);
    await waitFor(
      "more blocks",
      WAIT_MS,
      orNothing(async () => ((await isWhole(network))?.fast ?? 0) > whole.fast + AFTERMATH_BLOCKS),
      POLL_MS,
    );
    const findings = [...(await checkFinality(network, atSplit)), ...(await checkFinality(network, atHeal))];
    const away = atHeal.find(({ name }) => name === LESSER[0]);
    const home = atHeal[0];
    if (away.headNumber > atSplit[0].headNumber + 3) findings.push(`${away.name} had final blocks without a quorum`);
    if (home.headNumber <= atSplit[0].headNumber + seconds / 4) findings.push("the quorum did not go on");
    if (home.snailHash === away.snailHash) findings.push("the snail chains did not part");
    const head = Number(await ask("eth_blockNumber"));
    const pay = await checkPay(ask, head);
    findings.push(...pay.findings, ...(await checkSupplies(ask, head)));
    const reverted = countReverted(network);
    print(`${pay.paid} snail blocks with ${pay.fruits} fruits paid once by ${head} blocks; supply adds up at each`);
    print(`snail blocks taken back: ${reverted.map((each) => `${each.name} ${each.reverted}`).join(", ")}`);
    return { atSplit, atHeal, healedSeconds, head, paid: pay.paid, fruits: pay.fruits, reverted, findings };
  } finally {
    links?.close();
    await network.stop();
  }
}
