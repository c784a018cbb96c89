import { bytesToHex, type Hex, hexToBytes, type Prng } from "@festina/primitives";
import type { FuzzRun } from "./fuzzCase.ts";

/** Programs from which others are made, at most so many. */
const PROGRAMS_MAX = 512;
const SIGNATURES_MAX = 20_000;

/** Programs that did something no program before them did: other endings, other amounts of gas, other sizes of output. */
export class Corpus {
  readonly #programs: Uint8Array[];
  readonly #seen: Set<string>;

  constructor(saved: { readonly programs: readonly Hex[]; readonly seen: readonly string[] }) {
    this.#programs = saved.programs.map((program) => hexToBytes(program));
    this.#seen = new Set(saved.seen);
  }

  get size(): number {
    return this.#programs.length;
  }

  pick(prng: Prng): Uint8Array {
    return this.#programs[prng.below(this.#programs.length)] ?? new Uint8Array();
  }

  /** With one run for each input. */
  consider(prng: Prng, program: Uint8Array, runs: readonly FuzzRun[]): void {
    const endings = [...new Set(runs.map(({ kind }) => kind))].sort().join();
    const gas = scale(Math.max(0, ...runs.map(({ gasUsed }) => gasUsed)));
    const sizes = new Set(runs.map((run) => scale(sizeOf(run))));
    const signature = `${endings} ${gas} ${[...sizes].sort().join()} ${scale(program.length)}`;
    if (this.#seen.has(signature) || this.#seen.size === SIGNATURES_MAX) return;
    this.#seen.add(signature);
    if (this.#programs.length < PROGRAMS_MAX) this.#programs.push(program);
    else this.#programs[prng.below(PROGRAMS_MAX)] = program;
  }

  saved(): { readonly programs: readonly Hex[]; readonly seen: readonly string[] } {
    return { programs: this.#programs.map((program) => bytesToHex(program)), seen: [...this.#seen] };
  }
}

/** In digits and letters. */
const sizeOf = ({ text, data }: FuzzRun): number => data.reduce((size, bytes) => size + 2 * bytes.length, text.length);

const scale = (amount: number): number => Math.ceil(Math.log2(amount + 1));
