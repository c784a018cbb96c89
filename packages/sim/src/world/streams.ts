// Random numbers by subject: what one subject draws never shifts what another gets, so that a plan can be changed in one
// place and the rest of the run stays as it was.
import { createPrng, type Prng } from "@festina/primitives";

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function seedOf(seed: number, subject: string): number {
  let hash = (FNV_OFFSET ^ (seed >>> 0)) >>> 0;
  hash = Math.imul(hash ^ Math.floor(seed / 2 ** 32), FNV_PRIME) >>> 0;
  for (let index = 0; index < subject.length; index++)
    hash = Math.imul(hash ^ subject.charCodeAt(index), FNV_PRIME) >>> 0;
  return hash;
}

export type Streams = (subject: string) => Dice;

/** A prng with the questions that a simulation asks. */
export interface Dice extends Prng {
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Exponential with this mean. */
  waiting(mean: number): number;
  pick<T>(items: readonly T[]): T;
}

export function createStreams(seed: number): Streams {
  return (subject) => createDice(seedOf(seed, subject));
}

function createDice(seed: number): Dice {
  const prng = createPrng(seed);
  const unit = (): number => prng.next() / 0x1_0000_0000;
  return {
    ...prng,
    chance: (probability) => probability > 0 && unit() < probability,
    between: (low, high) => low + unit() * (high - low),
    waiting: (mean) => -mean * Math.log(1 - unit()),
    pick: (items) => items[prng.below(items.length)] as (typeof items)[number],
  };
}
