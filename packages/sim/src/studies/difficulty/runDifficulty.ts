// How the difficulty answers to swings of power and to wrong times, and whether twenty nodes stay of one mind.
import { createStreams } from "../../world/streams.ts";
import type { Series } from "../output/chart.ts";
import { formatTable, percent } from "../output/table.ts";
import type { StudyOptions, StudyReport } from "../study.ts";
import { HONEST } from "../world/minerConduct.ts";
import { type PlantedMistakes, SnailWorld } from "../world/snailWorld.ts";
import { createStudySpec, NETWORK_HASHES_PER_SECOND } from "../world/studySpec.ts";
import { difficultyPhases } from "./difficultyPhases.ts";
import { type PhaseFigures, PhaseRecord, rightDifficulty } from "./phaseRecord.ts";

const MINERS = 20;
const LATENCY_MS: readonly [number, number] = [0, 10_000];
/** Of the miners, in the phases in which some lie. */
const LIARS = 0.4;
const DEVIATION_MAX = 0.02;
/** Fruits are what the schedule holds to; by luck the mean over n blocks has a spread of 1/sqrt(n) around theirs. */
const LUCK_SPREADS = 4;
const CHART_POINTS = 400;
const DAY_MS = 86_400_000;

interface Observed {
  readonly world: SnailWorld;
  readonly seconds: number;
  readonly phases: readonly PhaseFigures[];
  readonly series: readonly Series[];
}

/** At least one block a phase. `planted` is for tests that must see the study fail. */
export function runDifficulty(options: StudyOptions, planted: PlantedMistakes = {}): StudyReport {
  return reportOn(observe(options, planted));
}

function observe({ seed, size, onProgress }: StudyOptions, planted: PlantedMistakes): Observed {
  const spec = createStudySpec();
  const { snailTargetSeconds } = spec.preset;
  const phases = difficultyPhases(createStreams(seed)("liars"));
  const records: PhaseRecord[] = [];
  const points: [number, number][] = [];
  const right: [number, number][] = [];
  const every = Math.max(1, Math.floor(size / CHART_POINTS));
  let lastMs = 0;
  const world = new SnailWorld({
    seed,
    spec,
    latencyMs: LATENCY_MS,
    planted,
    miners: Array.from({ length: MINERS }, () => ({ hashesPerSecond: NETWORK_HASHES_PER_SECOND / MINERS })),
    onBlock: ({ header }, _payments, nowMs) => {
      const record = records.at(-1);
      record?.add((nowMs - lastMs) / 1_000, Number(header.difficulty));
      lastMs = nowMs;
      if (record === undefined || header.number % every !== 0) return;
      points.push([nowMs / DAY_MS, Number(header.difficulty)]);
      right.push([nowMs / DAY_MS, rightDifficulty(record.phase, snailTargetSeconds)]);
    },
  });
  for (const [index, phase] of phases.entries()) {
    onProgress(`${phase.name} (phase ${index + 1} of ${phases.length})`);
    records.push(new PhaseRecord(phase));
    for (const node of world.nodes) node.conduct = node.index < LIARS * MINERS ? phase.conduct : HONEST;
    world.swing(phase.power);
    world.run(Math.round((size * (index + 1)) / phases.length));
  }
  const seconds = world.scheduler.nowMs / 1_000;
  world.settle();
  return {
    world,
    seconds,
    phases: records.map((record) => record.figures(snailTargetSeconds)),
    series: [
      { name: "right for the power", points: right },
      { name: "difficulty", points },
    ],
  };
}

function reportOn({ world, seconds, phases, series }: Observed): StudyReport {
  const { snailTargetSeconds, fruitsPerBlock } = world.spec.preset;
  const packed = world.nodes[0]?.chain.headEntry().block.header.packedFruits ?? 0;
  const blocks = world.fast.pointer.number;
  const fruitsSeconds = (seconds * fruitsPerBlock) / packed;
  const deviation = seconds / blocks / snailTargetSeconds - 1;
  const fruitDeviation = fruitsSeconds / snailTargetSeconds - 1;
  const deviationMax = Math.max(DEVIATION_MAX, LUCK_SPREADS / Math.sqrt(blocks));
  const findings = [...world.findings];
  if (!(Math.abs(deviation) <= deviationMax))
    findings.push(`the mean interval is off its target by ${percent(deviation)}, at most ${percent(deviationMax)}`);
  if (!(Math.abs(fruitDeviation) <= DEVIATION_MAX))
    findings.push(`the mean time of ${fruitsPerBlock} fruits is off by ${percent(fruitDeviation)}`);
  const reorgs = [...world.reorgs].sort(([a], [b]) => a - b);
  const { hazards, blocksFound, fruitsFound } = world;
  const payments = world.ledger.blocks;
  return {
    findings,
    lines: [
      `${blocks} snail blocks in ${((seconds * 1_000) / DAY_MS).toFixed(1)} days, ${MINERS} nodes, latency ${LATENCY_MS.join(" to ")} ms`,
      `mean interval ${(seconds / blocks).toFixed(2)} s (target ${snailTargetSeconds} s, off by ${percent(deviation)}); ` +
        `${fruitsPerBlock} fruits every ${fruitsSeconds.toFixed(2)} s (off by ${percent(fruitDeviation)})`,
      "",
      ...phaseTable(phases),
      "",
      ...formatTable(
        ["blocks taken back at once by a node", "times"],
        reorgs.map(([depth, times]) => [String(depth), String(times)]),
      ),
      `${blocksFound - blocks} of ${blocksFound} blocks came to nothing; ${hazards} hazards; supply checked at ${payments} payments`,
    ],
    figures: {
      ...{ blocks, seconds, deviation, fruitDeviation, phases, reorgs },
      ...{ hazards, blocksFound, fruitsFound, packedFruits: packed, payments },
    },
    charts: [
      {
        name: "difficulty",
        title: "Difficulty of snail blocks",
        xLabel: "days",
        yLabel: "expected hashes",
        isLogarithmic: true,
        series,
      },
    ],
  };
}

function phaseTable(phases: readonly PhaseFigures[]): readonly string[] {
  return formatTable(
    ["phase", "blocks", "mean s", "spread s", "difficulty at its end / right one"],
    phases.map(({ name, blocks, meanSeconds, spreadSeconds, difficultyAtEnd }) => [
      name,
      String(blocks),
      meanSeconds.toFixed(1),
      spreadSeconds.toFixed(1),
      difficultyAtEnd.toFixed(3),
    ]),
  );
}
