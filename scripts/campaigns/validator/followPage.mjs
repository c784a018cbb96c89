// A devnet runs; someone follows docs/become-a-validator.md to the letter, and the chain is asked what came of it.
import { join } from "node:path";
import { connectTo } from "../../outside/askNode.mjs";
import { runPage } from "../../page/runPage.mjs";
import { repositoryRoot } from "../../prepare.mjs";
import { DevnetUnderTest, findPortBase } from "../devnet/devnetUnderTest.mjs";
import { signersOf } from "../kill/chainFacts.mjs";

const PAGE = join(repositoryRoot, "docs/become-a-validator.md");
/** What the page says, which is taken on the machine of a test. */
const PAGE_PORTS = { network: 8545, node: 8645 };
const STEP_MS = 300_000;
const CERTIFICATES = 20;
const REGISTERED = /^(0x[0-9a-f]{40}) is registered and ready$/m;
const url = (port) => `http://127.0.0.1:${port}`;

/** How many of the newest certificates carry the validator's bit, asked of its own node. */
async function countSignatures(ask, validator) {
  const head = Number(await ask("eth_blockNumber"));
  let signed = 0;
  for (let number = Math.max(1, head - CERTIFICATES + 1); number <= head; number++)
    if ((await signersOf(ask, number))?.includes(validator)) signed += 1;
  return signed;
}

export async function followPage({ folder, snailSeconds, unbondingSeconds, print }) {
  const pace = ["--snail-seconds", `${snailSeconds}`, "--unbonding-seconds", `${unbondingSeconds}`];
  const network = new DevnetUnderTest(join(folder, "devnet"), pace);
  try {
    await network.start();
    const port = network.placed[0].rpcPort;
    const ownPort = await findPortBase();
    const ask = connectTo(url(port));
    const own = connectTo(url(ownPort));
    /** @type {{ step: string, seconds: number }[]} */
    const stepSeconds = [];
    const figures = {
      validator: "",
      stepSeconds,
      signed: 0,
      doing: "",
      role: "",
      seats: 0,
      totalSeats: 0,
      epoch: 0,
    };
    const balanceWei = async () => BigInt(await ask("eth_getBalance", figures.validator, "latest"));
    let beforeExitWei = 0n;
    const afterStep = async ({ text, output, seconds }) => {
      stepSeconds.push({ step: text.split("\n").at(-1), seconds });
      figures.validator ||= REGISTERED.exec(output)?.[1] ?? "";
      if (!text.includes("--until signing")) return;
      const { role, doing } = await own("festina_status");
      const { epoch, members, totalSeats } = await ask("committee_get", "current");
      const seats = members.find(({ address }) => address === figures.validator)?.seats ?? 0;
      const signed = await countSignatures(own, figures.validator);
      Object.assign(figures, { role, doing, epoch: Number(epoch), seats, totalSeats, signed });
      beforeExitWei = await balanceWei();
    };
    const replace = {
      [`:${PAGE_PORTS.network}`]: `:${port}`,
      [`--rpc-port ${PAGE_PORTS.node}`]: `--rpc-port ${ownPort}`,
    };
    await runPage({ page: PAGE, folder: join(folder, "reader"), replace, stepMs: STEP_MS, print, afterStep });
    const candidate = await ask("eth_getBalance", figures.validator, "latest");
    const backWei = BigInt(candidate) - beforeExitWei;
    const { members } = await ask("committee_get", "current");
    const isGone = members.every(({ address }) => address !== figures.validator);
    return { ...figures, backCoins: Number(backWei / 10n ** 15n) / 1_000, isGone, deaths: network.deaths };
  } finally {
    await network.stop();
  }
}
