// What dishonesty earns a miner: one member, an honest miner, and one of the class, for a while.
import { rewardsOf } from "../check/judgeNodes.ts";
import { payoutOfMiner } from "../wholeNode/networkSpec.ts";
import { WholeNodeWorld } from "../wholeNode/wholeNodeWorld.ts";

export interface MinerClassOptions {
  readonly seed: number;
  /** `null`: it keeps the rules, for comparison. */
  readonly minerClass: string | null;
  /** Of all hashing. */
  readonly shareOfWork: number;
  readonly seconds: number;
}

export interface MinerClassReport {
  readonly shareOfWork: number;
  /** Of what miners were paid, 0 to 1. */
  readonly shareOfRewards: number;
  /** How often it did other than an honest miner would. */
  readonly acts: number;
  readonly snailBlocks: number;
  readonly violations: number;
}

const MEMBERS = 1;
const HONEST = MEMBERS;
const JUDGED = MEMBERS + 1;

export async function runMinerClass(options: MinerClassOptions): Promise<MinerClassReport> {
  const { seed, minerClass, shareOfWork, seconds } = options;
  const world = await WholeNodeWorld.create({
    seed,
    members: MEMBERS,
    miners: 2,
    hashShares: [1 - shareOfWork, shareOfWork],
    dishonestMiners: minerClass === null ? new Map() : new Map([[JUDGED, minerClass]]),
    // Fast blocks come with snail blocks; those of the heartbeat would only cost time.
    preset: { heartbeatMs: 5_000 },
  });
  world.bootAll();
  await world.run(seconds * 1_000);
  const backend = world.process(0).node?.backend;
  if (backend === undefined) throw new RangeError("the member has given up");
  const rewards = rewardsOf(backend);
  const [honest, judged] = [HONEST, JUDGED].map((index) => Number(rewards.get(payoutOfMiner(index)) ?? 0n)) as [
    number,
    number,
  ];
  return {
    shareOfWork,
    shareOfRewards: judged / Math.max(1, honest + judged),
    acts: world.mischiefOf(JUDGED)?.acts ?? 0,
    snailBlocks: backend.snail.head(),
    violations: world.watch.violations.length,
  };
}
