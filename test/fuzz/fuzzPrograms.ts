import { setImmediate as nextTurn } from "node:timers/promises";
import {
  createCompilerEngine,
  createInterpreterEngine,
  createKeccakKernel,
  createReferenceEngine,
} from "@festina/adapters";
import { type Address, bytesToHex } from "@festina/primitives";
import type { Engine } from "@festina/tvm";
import { CONTRACT } from "@festina/tvm/testing";
import type { Corpus } from "./corpus.ts";
import {
  CHAIN_ID,
  callOf,
  createWorld,
  differenceOf,
  type FuzzCase,
  type FuzzInput,
  type FuzzRun,
  isSameRun,
  runCase,
} from "./fuzzCase.ts";
import { minimiseCase } from "./minimiseCase.ts";
import { drawInput, drawOthers, drawProgram, lastsSince } from "./programSource.ts";

export const INPUTS_PER_PROGRAM = 20;

export interface FuzzCounts {
  /** Programs drawn; those that were drawn before are not run. */
  drawn: number;
  programs: number;
  /** Inputs that ran on interpreter and compiler. */
  executions: number;
  /** Of these, on the reference engine, too. */
  referenceExecutions: number;
  success: number;
  revert: number;
  halt: number;
  differences: number;
}

export const NOTHING_COUNTED: Readonly<FuzzCounts> = {
  drawn: 0,
  programs: 0,
  executions: 0,
  referenceExecutions: 0,
  success: 0,
  revert: 0,
  halt: 0,
  differences: 0,
};

export interface FuzzOptions {
  readonly seed: number;
  readonly corpus: Corpus;
  /** Of earlier sittings; counted on in place. */
  readonly counts: FuzzCounts;
  /** One execution in so many runs on the reference engine. */
  readonly referenceEvery: number;
  /** False the second time: by its keccak256. */
  readonly isNew: (program: Uint8Array) => boolean;
  /** A minimised case, and what each engine made of it. */
  readonly onDifference: (found: FuzzCase, texts: Readonly<Record<string, string>>) => void;
  /** Asked between two programs. */
  readonly goesOn: () => boolean;
}

/** Runs programs on the compiler and the interpreter, a sample on the reference engine, until told to stop. */
export async function fuzzPrograms(options: FuzzOptions): Promise<void> {
  const { seed, corpus, counts } = options;
  const engines = createFuzzEngines();
  let others: Readonly<Record<Address, Uint8Array>> = drawOthers(seed, counts.drawn, corpus);
  while (options.goesOn()) {
    // Engines answer without giving up the thread, and then no signal would be heard.
    await nextTurn();
    const number = counts.drawn++;
    if (!lastsSince(number)) others = drawOthers(seed, number, corpus);
    const program = drawProgram(seed, number, corpus);
    if (!options.isNew(program.code)) continue;
    counts.programs += 1;
    const codes = { [CONTRACT]: program.isCreation ? new Uint8Array() : program.code, ...others };
    const world = createWorld(codes);
    const runs: FuzzRun[] = [];
    for (let index = 0; index < INPUTS_PER_PROGRAM; index++) {
      const input = drawInput(program, index, Math.max(0, ...runs.map(({ gasUsed }) => gasUsed)));
      const withReference = counts.executions++ % options.referenceEvery === 0;
      if (withReference) counts.referenceExecutions += 1;
      const used = withReference ? engines.all : engines.ours;
      const results = await runOnAll(used, input, world);
      const [first] = results;
      if (first === undefined || results.some((run) => run === undefined || !isSameRun(run, first))) {
        await report(options, { codes: hexOf(codes), input }, engines.all);
        continue;
      }
      counts[first.kind] += 1;
      runs.push(first);
    }
    corpus.consider(program.prng, program.code, runs);
  }
}

export function createFuzzEngines(): { readonly ours: readonly Engine[]; readonly all: readonly Engine[] } {
  // One of them with pauses at nearly every jump: they must not be seen either.
  const ours = [createInterpreterEngine(), createCompilerEngine({ sliceGas: 50n, rest: () => null })];
  return { ours, all: [...ours, createReferenceEngine({ chainId: CHAIN_ID, keccak256: createKeccakKernel() })] };
}

/** `undefined` for an engine that broke. */
async function runOnAll(
  engines: readonly Engine[],
  input: FuzzInput,
  world: ReturnType<typeof createWorld>,
): Promise<readonly (FuzzRun | undefined)[]> {
  const call = callOf(input);
  const runs: (FuzzRun | undefined)[] = [];
  for (const engine of engines) runs.push(await runCase(engine, call, world).catch(() => undefined));
  return runs;
}

async function report(options: FuzzOptions, found: FuzzCase, engines: readonly Engine[]): Promise<void> {
  options.counts.differences += 1;
  const smallest = await minimiseCase(found, async (smaller) => (await differenceOf(smaller, engines)) !== null);
  options.onDifference(smallest, (await differenceOf(smallest, engines)) ?? {});
}

const hexOf = (codes: Readonly<Record<Address, Uint8Array>>): FuzzCase["codes"] =>
  Object.fromEntries(Object.entries(codes).map(([address, code]) => [address, bytesToHex(code)]));
