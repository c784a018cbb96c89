// What every study takes and gives.
import type { Chart } from "./output/chart.ts";

export interface StudyOptions {
  readonly seed: number;
  /** Snail blocks to simulate; for the study of elections, elections. */
  readonly size: number;
  /** Told what is being worked on. */
  readonly onProgress: (what: string) => void;
}

export interface StudyReport {
  /** What the rules promise and did not keep. */
  readonly findings: readonly string[];
  /** For people. */
  readonly lines: readonly string[];
  /** The same and more, for programs: plain data. */
  readonly figures: Readonly<Record<string, unknown>>;
  readonly charts: readonly Chart[];
}

export interface Study {
  readonly name: string;
  readonly summary: string;
  /** What `size` counts. */
  readonly unit: "blocks" | "elections";
  readonly size: number;
  /** Below it nothing can be said. */
  readonly sizeMin: number;
  run(options: StudyOptions): StudyReport;
}
