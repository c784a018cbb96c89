// What a campaign of fuzzing has behind it, in a folder: counts, corpus, which programs ran, which cases differed.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createKeccakKernel } from "@festina/adapters";
import { takeLock } from "@festina/devnet";
import { type Hex, OperationError } from "@festina/primitives";
import { Corpus } from "./corpus.ts";
import type { FuzzCase } from "./fuzzCase.ts";
import { type FuzzCounts, NOTHING_COUNTED } from "./fuzzPrograms.ts";

interface SavedProgress {
  readonly seed: number;
  readonly counts: FuzzCounts;
  readonly seconds: number;
  readonly corpus: { readonly programs: readonly Hex[]; readonly seen: readonly string[] };
}

/** Of a program's hash: enough that millions of programs do not meet by chance. */
const MARK_BYTES = 8;
const OPEN_CASE = "difference-";

export class Progress {
  readonly counts: FuzzCounts;
  readonly corpus: Corpus;
  readonly #folder: string;
  readonly #seed: number;
  readonly #secondsBefore: number;
  readonly #startMs = performance.now();
  readonly #keccak256 = createKeccakKernel();
  readonly #marks = new Set<bigint>();
  #unsaved: bigint[] = [];
  readonly #unlock: () => void;

  /** @throws RangeError when the folder is another campaign's; OperationError FUZZ_RUNNING when another process fills it */
  constructor(folder: string, seed: number) {
    this.#folder = folder;
    this.#seed = seed;
    mkdirSync(join(folder, "cases"), { recursive: true });
    const file = join(folder, "progress.json");
    const saved = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as SavedProgress) : null;
    if (saved !== null && saved.seed !== seed) throw new RangeError(`${file} is of seed ${saved.seed}`);
    this.#unlock = takeLock(
      join(folder, "progress.lock"),
      (pid) => new OperationError("FUZZ_RUNNING", `process ${pid} is at work in ${folder}`),
    );
    this.counts = { ...(saved?.counts ?? NOTHING_COUNTED) };
    this.corpus = new Corpus(saved?.corpus ?? { programs: [], seen: [] });
    this.#secondsBefore = saved?.seconds ?? 0;
    this.#readMarks();
  }

  get seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#startMs) / 1_000;
  }

  /** Notes the program, too. */
  isNew(program: Uint8Array): boolean {
    const mark = Buffer.from(this.#keccak256(program)).readBigUInt64LE();
    if (this.#marks.has(mark)) return false;
    this.#marks.add(mark);
    this.#unsaved.push(mark);
    return true;
  }

  saveCase(found: FuzzCase, texts: Readonly<Record<string, string>>): string {
    const file = join(this.#folder, "cases", `${OPEN_CASE}${this.counts.drawn}-${this.counts.differences}.json`);
    writeFileSync(file, `${JSON.stringify({ ...found, texts }, null, 2)}\n`);
    return file;
  }

  /** Cases of earlier sittings about which the engines agree now are put by, and do not count any more. */
  async judgeAgain(differs: (found: FuzzCase) => Promise<boolean>): Promise<readonly string[]> {
    const folder = join(this.#folder, "cases");
    const settled: string[] = [];
    for (const name of readdirSync(folder).filter((each) => each.startsWith(OPEN_CASE))) {
      const file = join(folder, name);
      if (await differs(JSON.parse(readFileSync(file, "utf8")) as FuzzCase)) continue;
      const newFile = join(folder, name.replace(OPEN_CASE, "settled-"));
      renameSync(file, newFile);
      this.counts.differences -= 1;
      settled.push(newFile);
    }
    return settled;
  }

  /** Marks first: after a sitting that is cut off, a program may be known that no count knows, never the other way round. */
  save(): void {
    const bytes = Buffer.alloc(this.#unsaved.length * MARK_BYTES);
    for (const [index, mark] of this.#unsaved.entries()) bytes.writeBigUInt64LE(mark, index * MARK_BYTES);
    appendFileSync(join(this.#folder, "programs.bin"), bytes);
    this.#unsaved = [];
    const saved: SavedProgress = {
      seed: this.#seed,
      counts: this.counts,
      seconds: this.seconds,
      corpus: this.corpus.saved(),
    };
    const file = join(this.#folder, "progress.json");
    writeFileSync(`${file}.new`, JSON.stringify(saved));
    renameSync(`${file}.new`, file);
  }

  close(): void {
    this.save();
    this.#unlock();
  }

  #readMarks(): void {
    const file = join(this.#folder, "programs.bin");
    if (!existsSync(file)) return;
    const bytes = readFileSync(file);
    for (let at = 0; at + MARK_BYTES <= bytes.length; at += MARK_BYTES) this.#marks.add(bytes.readBigUInt64LE(at));
  }
}
