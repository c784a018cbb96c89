// What is written down of one phase of the study.
import { NETWORK_HASHES_PER_SECOND } from "../world/studySpec.ts";
import type { DifficultyPhase } from "./difficultyPhases.ts";

export interface PhaseFigures {
  readonly name: string;
  readonly blocks: number;
  readonly meanSeconds: number;
  readonly spreadSeconds: number;
  /** Last difficulty, of what the power in this phase deserves. */
  readonly difficultyAtEnd: number;
}

/** The difficulty at which this phase's power finds a block per target. */
export function rightDifficulty({ power }: DifficultyPhase, targetSeconds: number): number {
  return NETWORK_HASHES_PER_SECOND * power * targetSeconds;
}

export class PhaseRecord {
  readonly phase: DifficultyPhase;
  readonly #intervals: number[] = [];
  #difficulty = 0;

  constructor(phase: DifficultyPhase) {
    this.phase = phase;
  }

  add(intervalSeconds: number, difficulty: number): void {
    this.#intervals.push(intervalSeconds);
    this.#difficulty = difficulty;
  }

  figures(targetSeconds: number): PhaseFigures {
    const intervals = this.#intervals;
    const mean = intervals.reduce((sum, interval) => sum + interval, 0) / intervals.length;
    const variance = intervals.reduce((sum, interval) => sum + (interval - mean) ** 2, 0) / intervals.length;
    return {
      name: this.phase.name,
      blocks: intervals.length,
      meanSeconds: mean,
      spreadSeconds: Math.sqrt(variance),
      difficultyAtEnd: this.#difficulty / rightDifficulty(this.phase, targetSeconds),
    };
  }
}
