// What a miner with 30 % of the work earns by keeping back blocks or fruits, of what it would earn by honesty.
import { type ChainSpec, snailRewardWei } from "@festina/chainspec";
import { formatTable } from "../output/table.ts";
import type { StudyOptions, StudyReport } from "../study.ts";
import { payoutOf, SnailWorld } from "../world/snailWorld.ts";
import { createStudySpec, NETWORK_HASHES_PER_SECOND } from "../world/studySpec.ts";
import { STRATEGIES } from "./strategies.ts";
import { type Strategy, Withholder } from "./withholder.ts";

const ATTACKER_SHARE = 0.3;
const HONEST_NODES = 6;
const LATENCY_MS: readonly [number, number] = [0, 10_000];
/** Of what honesty earns. */
const GAIN_MAX = 1.03;
/** The search plays each strategy for this part of a window, the best of it for whole ones. */
const SEARCH_PART = 0.1;
const WINDOWS = 2;
/** Rewards are compared as parts of the reward of their block, which shrinks over the years. */
const REWARD_UNITS = 10n ** 12n;

interface Outcome {
  readonly name: string;
  readonly blocks: number;
  /** Of what all miners were paid, by its share of the work. */
  readonly ofPaid: number;
  /** Of what an honest miner of its power is paid in the same time. */
  readonly ofTime: number;
  readonly blocksLost: number;
  readonly findings: readonly string[];
}

/** `spec` is another one in tests that must see the study fail. */
export function runSelfish({ seed, size, onProgress }: StudyOptions, spec = createStudySpec()): StudyReport {
  const searched = STRATEGIES.map((strategy) => {
    onProgress(`search: ${strategy.name}`);
    return { strategy, outcome: play(strategy, seed, Math.max(1, Math.round(size * SEARCH_PART)), spec) };
  });
  const best = searched.reduce((first, each) => (gainOf(each.outcome) > gainOf(first.outcome) ? each : first));
  const finals = Array.from({ length: WINDOWS }, (_, window) => {
    onProgress(`window ${window + 1} of ${WINDOWS}: ${best.strategy.name}`);
    return play(best.strategy, seed + 1 + window, size, spec);
  });
  const all = [...searched.map(({ outcome }) => outcome), ...finals];
  const findings = all.flatMap((outcome) => outcome.findings.map((what) => `${outcome.name}: ${what}`));
  for (const final of finals)
    if (!(gainOf(final) <= GAIN_MAX))
      findings.push(`"${final.name}" earns ${gainOf(final).toFixed(4)} of its fair share, at most ${GAIN_MAX}`);
  const table = (outcomes: readonly Outcome[]): readonly string[] =>
    formatTable(
      ["strategy", "blocks", "of what miners got", "of honest pay in the time", "blocks lost"],
      outcomes.map(({ name, blocks, ofPaid, ofTime, blocksLost }) => [
        name,
        String(blocks),
        ofPaid.toFixed(4),
        ofTime.toFixed(4),
        String(blocksLost),
      ]),
    );
  return {
    findings,
    lines: [
      `an attacker with ${100 * ATTACKER_SHARE} % of the work that hears and is heard at once, ${HONEST_NODES} honest nodes, latency ${LATENCY_MS.join(" to ")} ms`,
      `income, 1 being the fair share; committee ${spec.rewards.split.committee}, fruits ${spec.rewards.split.fruits}, packing ${spec.rewards.split.packing}, block ${spec.rewards.split.block} %`,
      "",
      ...table(searched.map(({ outcome }) => outcome)),
      "",
      `the best of these, over windows of ${size} blocks (at most ${GAIN_MAX}):`,
      ...table(finals),
    ],
    figures: { share: ATTACKER_SHARE, searched: searched.map(({ outcome }) => outcome), windows: finals },
    charts: [],
  };
}

const gainOf = ({ ofPaid, ofTime }: Outcome): number => Math.max(ofPaid, ofTime);

function play(strategy: Strategy, seed: number, blocks: number, spec: ChainSpec): Outcome {
  const { split } = spec.rewards;
  const attacker = payoutOf(0);
  const miners = new Set(Array.from({ length: HONEST_NODES + 1 }, (_, index) => payoutOf(index)));
  let taken = 0;
  let paid = 0;
  const world = new SnailWorld({
    seed,
    spec,
    latencyMs: LATENCY_MS,
    miners: [
      {
        hashesPerSecond: NETWORK_HASHES_PER_SECOND * ATTACKER_SHARE,
        conduct: new Withholder(strategy),
        isEverywhere: true,
      },
      ...Array.from({ length: HONEST_NODES }, () => ({
        hashesPerSecond: (NETWORK_HASHES_PER_SECOND * (1 - ATTACKER_SHARE)) / HONEST_NODES,
      })),
    ],
    onBlock: ({ header }, payments) => {
      const rewardWei = snailRewardWei(spec.rewards, header.number);
      for (const { to, amountWei } of payments) {
        if (!miners.has(to)) continue;
        const part = Number((amountWei * REWARD_UNITS) / rewardWei) / Number(REWARD_UNITS);
        paid += part;
        if (to === attacker) taken += part;
      }
    },
  });
  world.run(blocks);
  const targets = world.scheduler.nowMs / 1_000 / spec.preset.snailTargetSeconds;
  const minersPart = (split.fruits + split.packing + split.block) / 100;
  world.settle();
  return {
    name: strategy.name,
    blocks,
    ofPaid: taken / paid / ATTACKER_SHARE,
    ofTime: taken / (targets * minersPart * ATTACKER_SHARE),
    blocksLost: world.blocksFound - world.fast.pointer.number,
    findings: world.findings,
  };
}
