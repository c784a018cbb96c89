import { type Address, bytesToHex, createPrng, type Prng } from "@festina/primitives";
import { addressOf, CALLER, CONTRACT } from "@festina/tvm/testing";
import type { Corpus } from "./corpus.ts";
import { type FuzzInput, OTHERS } from "./fuzzCase.ts";
import { jumpyProgram } from "./jumpyProgram.ts";
import { mutateProgram } from "./mutateProgram.ts";
import { randomProgram } from "./randomProgram.ts";

const EMPTY_ACCOUNT = addressOf(0xee);
const precompile = (number: number): Address => `0x${number.toString(16).padStart(40, "0")}` as Address;
/** Whom programs call, ask about and pay: themselves, each other, nobody, SHA-256, RIPEMD-160, identity, P-256. */
const ADDRESSES: readonly Address[] = [
  ...[CONTRACT, CONTRACT, ...OTHERS, ...OTHERS, CALLER, EMPTY_ACCOUNT],
  ...[2, 3, 4, 0x100].map(precompile),
];
/** The accounts that are called change more slowly than the one that calls them. */
const OTHERS_LAST = 16;
const GENEROUS_GAS_MIN = 30_000;
/** On top, for a program's first inputs, and for others that find enough: loops without an end use all there is. */
const MOST_GENEROUS = 2;
const GENEROUS_GAS = 120_000;
const GENEROUS_GAS_AGAIN = 40_000;
/** Halvings of what a run used, at most one less than so many. */
const SHORTAGES = 8;
/** Most init code ends before it has done much, so one in so many programs. */
const CREATION_EVERY = 30;
const DATA_BYTES_MAX = 100;

export interface Program {
  readonly code: Uint8Array;
  readonly isCreation: boolean;
  /** Draws the inputs. */
  readonly prng: Prng;
}

/** The same program for the same seed, number and corpus. */
export function drawProgram(seed: number, number: number, corpus: Corpus): Program {
  const prng = createPrng(Math.imul(seed, 0x9e3779b1) ^ number);
  return { code: drawCode(prng, corpus), isCreation: prng.below(CREATION_EVERY) === 0, prng };
}

function drawCode(prng: Prng, corpus: Corpus): Uint8Array {
  const kind = prng.below(8);
  if (kind < 3 && corpus.size > 1) return mutateProgram(prng, corpus.pick(prng), corpus.pick(prng));
  if (kind < 5) return randomProgram({ prng, steps: 1 + prng.below(25), addresses: ADDRESSES });
  return jumpyProgram({ prng, addresses: ADDRESSES });
}

export function drawOthers(seed: number, number: number, corpus: Corpus): Readonly<Record<Address, Uint8Array>> {
  const round = Math.floor(number / OTHERS_LAST);
  const prng = createPrng(Math.imul(seed, 0x85ebca6b) ^ round);
  return Object.fromEntries(OTHERS.map((address) => [address, drawCode(prng, corpus)]));
}

export const lastsSince = (number: number): boolean => number % OTHERS_LAST !== 0;

/**
 * The first inputs leave gas enough; the others mostly have less than a run before them used, often much less, so that
 * programs run dry at any instruction, also at one before a long loop.
 */
export function drawInput(program: Program, index: number, gasUsedMax: number): FuzzInput {
  const { prng, isCreation, code } = program;
  const isStarved = index > 1 && prng.below(5) < 3;
  const data = isCreation ? code : drawData(prng);
  return {
    isCreation,
    data: bytesToHex(data),
    gasLimit: isStarved ? prng.below((gasUsedMax >>> prng.below(SHORTAGES)) + 2) : drawGenerousGas(prng, index),
    valueWei: prng.below(3) === 0 ? prng.below(500) : 0,
    isStatic: !isCreation && index > 0 && prng.below(8) === 0,
  };
}

const drawGenerousGas = (prng: Prng, index: number): number =>
  GENEROUS_GAS_MIN + prng.below(index < MOST_GENEROUS ? GENEROUS_GAS : GENEROUS_GAS_AGAIN);

/** Words in which most bytes are the same, and noise. */
function drawData(prng: Prng): Uint8Array {
  const data = prng.bytes(prng.below(DATA_BYTES_MAX));
  if (prng.below(2) === 0) return data;
  const byte = prng.below(3) === 0 ? 0xff : 0;
  return data.map((value, index) => (index % 32 < 30 ? byte : value));
}
