// The studies by name.
import { runCapture } from "./capture/runCapture.ts";
import { runCoupling } from "./coupling/runCoupling.ts";
import { runDifficulty } from "./difficulty/runDifficulty.ts";
import { runFairness } from "./fairness/runFairness.ts";
import { runSelfish } from "./selfish/runSelfish.ts";
import type { Study } from "./study.ts";

export const STUDIES: readonly Study[] = [
  {
    name: "capture",
    summary: "how often an attacker gets more than a third of the seats, with one key and with the best splitting",
    unit: "elections",
    size: 1_000_000,
    sizeMin: 1_000,
    run: (options) => runCapture(options),
  },
  {
    name: "difficulty",
    summary: "difficulty, forks and agreement of 20 nodes under swings of power and wrong times",
    unit: "blocks",
    size: 40_000,
    sizeMin: 1_600,
    run: (options) => runDifficulty(options),
  },
  {
    name: "selfish",
    summary: "what 30 % of the work earn by keeping blocks or fruits back, over windows of so many blocks",
    unit: "blocks",
    size: 10_000,
    sizeMin: 20,
    run: (options) => runSelfish(options),
  },
  {
    name: "fairness",
    summary: "whether pay follows work, from 30 % of the network to a thousandth",
    unit: "blocks",
    size: 10_000,
    sizeMin: 300,
    run: (options) => runFairness(options),
  },
  {
    name: "coupling",
    summary: "what outages and floods of work do to the fast chain, watched for so many targets afterwards",
    unit: "blocks",
    size: 2_016,
    sizeMin: 36,
    run: (options) => runCoupling(options),
  },
];
