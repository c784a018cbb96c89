// A devnet runs; someone makes keys, registers them with a deposit, starts a node and a miner that supports it, and waits
// for the elections. Only commands and JSON-RPC: what a user has.
import { join } from "node:path";
import { connectTo } from "../../outside/askNode.mjs";
import { DevnetUnderTest, findPortBase } from "../devnet/devnetUnderTest.mjs";
import { orNothing, waitFor } from "../devnet/patience.mjs";
import { signersOf } from "../kill/chainFacts.mjs";
import { runCommand, startCommand } from "./commands.mjs";

const DEPOSIT = "2500ether";
/** As much work as the devnet's own miner does, so that the seats are about half of all. */
const CPU_SHARE = "0.05";
const SEATED_MS = 240_000;
const SIGNED_MS = 60_000;
const HEAD_LAG_MAX = 3;
const CERTIFICATES = 20;

/**
 * Certificates of blocks first..first+count-1, and how many carry the validator's bit. At this pace an epoch has ten
 * blocks or so, hence later epochs count too: elections give a supported validator seats in them as well.
 */
async function countSignatures(ask, validator, first, count) {
  let certificates = 0;
  let signed = 0;
  for (let number = first; number < first + count; number++) {
    const signers = await signersOf(ask, number);
    if (signers === null) continue;
    certificates += 1;
    if (signers.includes(validator)) signed += 1;
  }
  return { certificates, signed };
}

/** The first committee with the validator in it. */
function awaitSeats(ask, validator) {
  return waitFor(
    "seats in a later committee",
    SEATED_MS,
    orNothing(async () => {
      const committee = await ask("committee_get", "current");
      const member = committee.members.findIndex(({ address }) => address === validator);
      return member < 0 ? null : { committee, member };
    }),
    500,
  );
}

export async function joinCommittee({ folder, snailSeconds, print }) {
  const network = new DevnetUnderTest(join(folder, "devnet"), ["--snail-seconds", `${snailSeconds}`]);
  const running = [];
  try {
    await network.start();
    const startMs = performance.now();
    const [first] = network.members;
    const url = `http://127.0.0.1:${network.placed[0].rpcPort}`;
    const ask = network.rpc(first);
    const funder = network.accounts[5].address;
    const keys = join(folder, "keys");
    const { address: validator } = await runCommand("validator", "keys", "--out", keys);
    await runCommand(
      ...["validator", "register", "--keys", keys, "--deposit", DEPOSIT, "--fund-from", funder, "--rpc", url],
    );
    print(`${validator} registered at block ${Number(await ask("eth_blockNumber"))}`);
    const rpcPort = await findPortBase();
    const nodeDir = join(folder, "node");
    const { configFile } = await runCommand(
      ...["init", "--data-dir", nodeDir, "--from", url, "--validator", keys, "--rpc-port", `${rpcPort}`],
    );
    running.push(startCommand("start", "--config", configFile));
    const own = connectTo(`http://127.0.0.1:${rpcPort}`);
    await waitFor(
      "the new node",
      SIGNED_MS,
      orNothing(() => own("festina_status")),
    );
    running.push(
      startCommand("mine", "--rpc", url, "--payout", funder, "--support", validator, "--cpu-share", CPU_SHARE),
    );
    const { committee, member } = await awaitSeats(ask, validator);
    const seatedSeconds = Math.round((performance.now() - startMs) / 1000);
    const epoch = Number(committee.epoch);
    const { seats } = committee.members[member];
    print(`epoch ${epoch} begins at block ${Number(committee.firstBlock)}: ${seats} seats of ${committee.totalSeats}`);
    const firstBlock = Number(committee.firstBlock);
    const last = firstBlock + CERTIFICATES;
    await waitFor(
      "blocks of the new committee",
      SIGNED_MS,
      async () => (Number(await ask("eth_blockNumber")) > last ? true : null),
      200,
    );
    const counted = await countSignatures(ask, validator, firstBlock, CERTIFICATES);
    const status = await own("festina_status");
    const head = Number(await ask("eth_blockNumber"));
    const isAlive = running.every((command) => command.isRunning());
    return {
      validator,
      epoch,
      seats,
      totalSeats: committee.totalSeats,
      seatedSeconds,
      ...counted,
      role: status.role,
      doing: status.doing,
      isAtHead: isAlive && head - status.headNumber <= HEAD_LAG_MAX,
    };
  } finally {
    await Promise.all(running.map((command) => command.stop()));
    await network.stop();
  }
}
