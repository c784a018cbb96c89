// A devnet that mines nothing itself, and three miners outside that know a member's address each.
import { join } from "node:path";
import { checkSupplies } from "../../outside/checkSupply.mjs";
import { DevnetUnderTest } from "../devnet/devnetUnderTest.mjs";
import { orNothing, sleep, waitFor } from "../devnet/patience.mjs";
import { startCommand } from "./commands.mjs";
import { CHI_SQUARE_MAX, chiSquare, DEVIATIONS_MAX, payDeviations, sharesOf } from "./fairness.mjs";

const CPU_SHARES = [0.6, 0.3, 0.1];
const BEGIN_MS = 60_000;
const PAID_MS = 120_000;
const COIN = 1e18;

const quantity = (number) => `0x${number.toString(16)}`;
const percent = (share) => `${(100 * share).toFixed(2)} %`;

/** What a miner told, one JSON object a line. */
function eventsOf(miner) {
  const output = miner.output();
  const lines = output.slice(0, output.lastIndexOf("\n") + 1).split("\n");
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}

const ratesOf = (miner) => eventsOf(miner).flatMap((told) => (told.event === "status" ? [told.hashesPerSecond] : []));

/** Hashes, as far as a rate once a second tells. */
const workOf = (rates) => rates.reduce((sum, rate) => sum + rate, 0);

/** Fruits, blocks and pay of snail blocks first..last by payout address. */
async function collect(ask, payouts, first, last) {
  const fruits = payouts.map(() => 0);
  const blocks = payouts.map(() => 0);
  const listedWei = payouts.map(() => 0n);
  const findings = [];
  const packed = new Set();
  for (let number = first; number <= last; number++) {
    const block = await ask("snail_getBlockByNumber", quantity(number), true);
    const pay = await ask("snail_getBlockRewards", quantity(number));
    const packer = payouts.indexOf(block.payout);
    if (packer < 0) findings.push(`snail block ${number} is of a stranger`);
    else blocks[packer] += 1;
    for (const fruit of block.fruits) {
      if (packed.has(fruit.hash)) findings.push(`fruit ${fruit.hash} is packed twice`);
      packed.add(fruit.hash);
      fruits[payouts.indexOf(fruit.payout)] += 1;
    }
    for (const { to, amount } of pay.payments)
      if (payouts.includes(to)) listedWei[payouts.indexOf(to)] += BigInt(amount);
  }
  for (const [index, payout] of payouts.entries()) {
    let paidWei = 0n;
    for (let from = first; from <= last; from += 1_024) {
      const to = Math.min(last, from + 1_023);
      const rewards = await ask("snail_getRewards", payout, quantity(from), quantity(to));
      paidWei += BigInt(rewards.paid);
      if (BigInt(rewards.due) > 0n) findings.push(`snail blocks up to ${to} are not paid to ${payout}`);
    }
    if (paidWei !== listedWei[index])
      findings.push(`${payout}: ${paidWei} wei by address, ${listedWei[index]} by block`);
  }
  return { fruits, blocks, listedWei, findings };
}

function judge({ fruits, blocks, pay, work, fruitPay, isByWork }) {
  const workShares = sharesOf(work);
  const findings = [];
  const byWork = chiSquare(fruits, workShares);
  const byCpu = chiSquare(fruits, CPU_SHARES);
  const deviations = payDeviations({ pay, fruits, blocks, fruitPay }, workShares);
  if (byWork > CHI_SQUARE_MAX) findings.push(`fruits are not shared as the work: chi-square ${byWork.toFixed(2)}`);
  // Where others use the machine, threads do not get what they ask for, and only the line above tells about fairness.
  if (!isByWork && byCpu > CHI_SQUARE_MAX)
    findings.push(`fruits are not shared as the CPU: chi-square ${byCpu.toFixed(2)}`);
  for (const [index, deviation] of deviations.entries()) {
    if (Math.abs(deviation) > DEVIATIONS_MAX)
      findings.push(`pay of miner ${index + 1} is ${deviation.toFixed(2)} standard deviations from its share`);
  }
  return { findings, workShares, chiSquareByWork: byWork, chiSquareByCpuShare: byCpu, deviations };
}

export async function runMiners({ folder, seconds, snailSeconds, rpcPort, isByWork, print }) {
  const network = new DevnetUnderTest(join(folder, "devnet"), ["--miners", "0", "--snail-seconds", `${snailSeconds}`]);
  let miners = [];
  try {
    await network.start(rpcPort);
    const ask = network.rpc(network.members[0]);
    const payouts = CPU_SHARES.map((_, index) => `0x${`e${index + 1}`.repeat(20)}`);
    miners = CPU_SHARES.map((share, index) => {
      const url = `http://127.0.0.1:${network.placed[index].rpcPort}`;
      return startCommand("mine", "--rpc", url, "--payout", payouts[index], "--cpu-share", `${share}`, "--json");
    });
    await waitFor("all miners", BEGIN_MS, () => miners.every((miner) => ratesOf(miner).some((rate) => rate > 0)));
    const first = Number(await ask("snail_blockNumber")) + 1;
    const before = miners.map((miner) => ratesOf(miner).length);
    print(`all mine; counting from snail block ${first} for ${seconds} s`);
    await sleep(seconds * 1_000);
    const last = Number(await ask("snail_blockNumber"));
    const work = miners.map((miner, index) => workOf(ratesOf(miner).slice(before[index])));
    await waitFor(
      "pay of the last block",
      PAID_MS,
      orNothing(async () => (await ask("snail_getBlockRewards", quantity(last)))?.fastNumber),
      500,
    );
    await Promise.all(miners.map((miner) => miner.stop()));
    const { fruits, blocks, listedWei, findings } = await collect(ask, payouts, first, last);
    const head = Number(await ask("eth_blockNumber"));
    findings.push(...(await checkSupplies(ask, head)));
    const pay = listedWei.map((wei) => Number(wei) / COIN);
    const fruitPay = Number(await ask("snail_expectedReward").then(({ perFruit }) => perFruit)) / COIN;
    const judged = judge({ fruits, blocks, pay, work, fruitPay, isByWork });
    findings.push(...judged.findings);
    const payShares = sharesOf(pay);
    for (const [index, share] of CPU_SHARES.entries())
      print(
        `miner ${index + 1}: CPU ${percent(share)}  work ${percent(judged.workShares[index])}  fruits ${fruits[index]} ` +
          `(${percent(sharesOf(fruits)[index])})  blocks ${blocks[index]}  pay ${pay[index].toFixed(2)} coins ` +
          `(${percent(payShares[index])}, ${judged.deviations[index].toFixed(2)} standard deviations)`,
      );
    print(
      `chi-square of the fruits: ${judged.chiSquareByWork.toFixed(2)} by work, ` +
        `${judged.chiSquareByCpuShare.toFixed(2)} by CPU share (bound ${CHI_SQUARE_MAX}, 1 in 1,000)`,
    );
    print(`supply: ${head + 1} blocks add up, snail blocks ${first} to ${last} are paid once`);
    return { seconds, first, last, head, fruits, blocks, pay, work, ...judged, findings };
  } finally {
    await Promise.all(miners.map((miner) => miner.stop()));
    await network.stop();
  }
}
