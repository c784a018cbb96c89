// Whether pay follows work, from pools to a thousandth of the network, and how much of it is luck.
import { snailRewardWei } from "@festina/chainspec";
import type { Address } from "@festina/primitives";
import type { Series } from "../output/chart.ts";
import { formatTable, percent } from "../output/table.ts";
import type { StudyOptions, StudyReport } from "../study.ts";
import { type PlantedMistakes, payoutOf, SnailWorld } from "../world/snailWorld.ts";
import { createStudySpec, NETWORK_HASHES_PER_SECOND } from "../world/studySpec.ts";

/** Of the work; they add up to 1. */
const SHARES: readonly number[] = [
  0.3, 0.2, 0.15, 0.1, 0.08, 0.06, 0.04, 0.03, 0.015, 0.01, 0.005, 0.004, 0.003, 0.002, 0.001,
];
const LATENCY_MS: readonly [number, number] = [0, 10_000];
const DAY_BLOCKS = 144;
/** Of one standard deviation by luck. With fifteen miners, one in a thousand studies would go further. */
const SPREADS_MAX = 4;
const REWARD_UNITS = 10n ** 12n;
const CHART_POINTS = 300;

interface MinerFigures {
  readonly share: number;
  /** Of what all miners were paid. */
  readonly paidShare: number;
  /** By what luck alone explains: the finds of each miner are as many as they happen to be. */
  readonly spreadExpected: number;
  /** In units of it. */
  readonly deviation: number;
  /** Spread of a day's pay around its mean, and what it were if blocks alone were paid. */
  readonly daySpread: number;
  readonly daySpreadOfBlocks: number;
}

/**
 * Spread of a paid share of so many blocks. A miner's fruits and blocks are independent Poisson counts; a block packs
 * what came since the last one, which is as random as its interval: mean square twice the square of the mean.
 */
function spreadOf(
  share: number,
  blocks: number,
  split: { fruits: number; packing: number; block: number },
  fruitsPerBlock: number,
): number {
  const total = split.fruits + split.packing + split.block;
  const fruit = split.fruits / fruitsPerBlock;
  const squareOfBlock = split.block ** 2 + 2 * split.block * split.packing + 2 * split.packing ** 2;
  const variance = share * (1 - share) * blocks * (fruitsPerBlock * fruit ** 2 + squareOfBlock);
  return Math.sqrt(variance) / (total * blocks);
}

class MinerPay {
  readonly share: number;
  /** Per day, in rewards of a block. */
  readonly days: number[] = [];
  #today = 0;
  total = 0;

  constructor(share: number) {
    this.share = share;
  }

  add(part: number): void {
    this.#today += part;
    this.total += part;
  }

  endDay(): void {
    this.days.push(this.#today);
    this.#today = 0;
  }
}

export function runFairness({ seed, size, onProgress }: StudyOptions, planted: PlantedMistakes = {}): StudyReport {
  const spec = createStudySpec();
  const pays = SHARES.map((share) => new MinerPay(share));
  const byPayout = new Map<Address, MinerPay>(pays.map((pay, index) => [payoutOf(index), pay]));
  const paths = SHARES.map((): [number, number][] => []);
  const every = Math.max(1, Math.floor(size / CHART_POINTS));
  const world = new SnailWorld({
    seed,
    spec,
    planted,
    latencyMs: LATENCY_MS,
    miners: SHARES.map((share) => ({ hashesPerSecond: NETWORK_HASHES_PER_SECOND * share })),
    onBlock: ({ header }, payments) => {
      const rewardWei = snailRewardWei(spec.rewards, header.number);
      for (const { to, amountWei } of payments)
        byPayout.get(to)?.add(Number((amountWei * REWARD_UNITS) / rewardWei) / Number(REWARD_UNITS));
      if (header.number % DAY_BLOCKS === 0) for (const pay of pays) pay.endDay();
      if (header.number % every !== 0) return;
      const all = pays.reduce((sum, { total }) => sum + total, 0);
      for (const [index, pay] of pays.entries()) paths[index]?.push([header.number, pay.total / all / pay.share]);
    },
  });
  onProgress(`${SHARES.length} miners, ${size} blocks`);
  world.run(size);
  world.settle();
  const { split } = spec.rewards;
  const figures = pays.map((pay) =>
    figuresOf(pay, pays, world.ledger.blocks, (share, blocks) =>
      spreadOf(share, blocks, split, spec.preset.fruitsPerBlock),
    ),
  );
  const findings = [...world.findings];
  for (const { share, paidShare, deviation } of figures)
    if (!(Math.abs(deviation) <= SPREADS_MAX))
      findings.push(
        `${percent(share, 1)} of the work got ${percent(paidShare, 3)} of the pay, ${deviation.toFixed(1)} spreads off`,
      );
  return reportOn(world, figures, findings, paths);
}

function figuresOf(
  pay: MinerPay,
  pays: readonly MinerPay[],
  blocks: number,
  spread: (share: number, blocks: number) => number,
): MinerFigures {
  const { share, days } = pay;
  const paidShare = pay.total / pays.reduce((sum, { total }) => sum + total, 0);
  const spreadExpected = spread(share, blocks);
  const mean = days.reduce((sum, day) => sum + day, 0) / days.length;
  const variance = days.reduce((sum, day) => sum + (day - mean) ** 2, 0) / (days.length - 1);
  return {
    share,
    paidShare,
    spreadExpected,
    deviation: (paidShare - share) / spreadExpected,
    daySpread: Math.sqrt(variance) / mean,
    daySpreadOfBlocks: Math.sqrt((1 - share) / (share * DAY_BLOCKS)),
  };
}

function reportOn(
  world: SnailWorld,
  figures: readonly MinerFigures[],
  findings: readonly string[],
  paths: readonly (readonly [number, number][])[],
): StudyReport {
  const blocks = world.fast.pointer.number;
  const series: readonly Series[] = [0, 3, 6, 9, 12, 14].map((index) => ({
    name: `${percent(SHARES[index] ?? 0, 1)} of the work`,
    points: paths[index] ?? [],
  }));
  return {
    findings,
    lines: [
      `${blocks} snail blocks, ${SHARES.length} honest miners, latency ${LATENCY_MS.join(" to ")} ms; supply checked at ${world.ledger.blocks} payments`,
      "",
      ...formatTable(
        ["work", "pay", "pay / work", "95 % by luck", "off, in spreads", "a day's spread", "if blocks alone were paid"],
        figures.map((miner) => [
          percent(miner.share, 1),
          percent(miner.paidShare, 3),
          (miner.paidShare / miner.share).toFixed(4),
          `+-${((1.96 * miner.spreadExpected) / miner.share).toFixed(4)}`,
          miner.deviation.toFixed(2),
          percent(miner.daySpread, 1),
          percent(miner.daySpreadOfBlocks, 0),
        ]),
      ),
    ],
    figures: { blocks, miners: figures, payments: world.ledger.blocks },
    charts: [
      {
        name: "fairness",
        title: "Pay by work, from the first block on",
        xLabel: "snail block",
        yLabel: "pay / work",
        series,
      },
    ],
  };
}
