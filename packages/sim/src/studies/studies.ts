// The studies by name.
import { runDifficulty } from "./difficulty/runDifficulty.ts";
import type { Study } from "./study.ts";

export const STUDIES: readonly Study[] = [
  {
    name: "difficulty",
    summary: "difficulty, forks and agreement of 20 nodes under swings of power and wrong times",
    unit: "blocks",
    size: 40_000,
    sizeMin: 80,
    run: (options) => runDifficulty(options),
  },
];
