// `npm run fuzz -- decoders`: changed encodings into every decoder. What throws, hangs, or is taken in two forms is saved; a
// folder of progress goes on where the last sitting stopped.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { takeLock } from "@festina/devnet";
import { OperationError } from "@festina/primitives";
import { hearInterruptions } from "../interruptions.ts";
import { BATCH_INPUTS, type DecoderCounts, type Finding, fuzzBatch, nothingCounted } from "./fuzzDecoders.ts";
import { SUBJECTS } from "./subjects.ts";

const USAGE = `usage: npm run fuzz -- decoders [--inputs 200000] [--seed 1] [--state FOLDER] [--json FILE]
  --inputs   of all sittings of this folder together
  --state    goes on where it lies: progress.json, findings/
JSON: { seed, seconds, batches, inputs, accepted, findings, bySubject }
`;
const SAVE_MS = 10_000;
const FINDINGS_SAVED_MAX = 200;

interface Saved {
  readonly seed: number;
  readonly seconds: number;
  readonly batches: number;
  readonly counts: DecoderCounts;
}

interface DecoderArguments {
  readonly inputs: number;
  readonly seed: number;
  readonly state: string | undefined;
  readonly json: string | undefined;
}

function readArguments(argv: readonly string[]): DecoderArguments | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: "boolean", default: false },
      inputs: { type: "string", default: "200000" },
      seed: { type: "string", default: "1" },
      state: { type: "string" },
      json: { type: "string" },
    },
  });
  if (values.help) return null;
  const whole = (name: "inputs" | "seed"): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`--${name} is a whole number above 0`);
    return value;
  };
  return { inputs: whole("inputs"), seed: whole("seed"), state: values.state, json: values.json };
}

/** Another seed would not go on with this campaign. */
function load(folder: string, seed: number): Saved {
  const file = join(folder, "progress.json");
  if (!existsSync(file)) return { seed, seconds: 0, batches: 0, counts: nothingCounted() };
  const saved = JSON.parse(readFileSync(file, "utf8")) as Saved;
  if (saved.seed !== seed) throw new RangeError(`${file} is of seed ${saved.seed}`);
  return saved;
}

function save(folder: string, saved: Saved): void {
  const file = join(folder, "progress.json");
  writeFileSync(`${file}.new`, JSON.stringify(saved));
  renameSync(`${file}.new`, file);
}

const describe = ({ counts, seconds }: Saved): string =>
  `${counts.inputs} inputs to ${Object.keys(counts.bySubject).length} decoders, ${counts.accepted} taken, ` +
  `${counts.findings} findings, ${Math.round(seconds)} s`;

/** A batch takes well below a second: what happens in between is heard after it. */
async function sit(
  folder: string,
  { inputs, seed }: DecoderArguments,
  begun: Saved,
  isInterrupted: () => boolean,
  print: (line: string) => void,
): Promise<Saved> {
  const counts = structuredClone(begun.counts);
  const startMs = performance.now();
  let batches = begun.batches;
  const now = (): Saved => ({ seed, seconds: begun.seconds + (performance.now() - startMs) / 1_000, batches, counts });
  const onFinding = (finding: Finding): void => {
    print(`FINDING ${finding.subject}, batch ${finding.batch}: ${finding.fault.split("\n")[0]}`);
    if (counts.findings > FINDINGS_SAVED_MAX) return;
    writeFileSync(join(folder, "findings", `${counts.findings}.json`), `${JSON.stringify(finding, null, 2)}\n`);
  };
  for (let savedMs = startMs; counts.inputs < inputs && !isInterrupted(); batches++) {
    fuzzBatch(SUBJECTS, seed, batches, counts, onFinding);
    if (performance.now() - savedMs > SAVE_MS) {
      savedMs = performance.now();
      save(folder, { ...now(), batches: batches + 1 });
      print(describe(now()));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return now();
}

/** @returns 1 when something was found */
export async function run(argv: readonly string[]): Promise<number> {
  const isInterrupted = hearInterruptions();
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  let options: DecoderArguments | null;
  let begun: Saved;
  let folder: string;
  try {
    options = readArguments(argv);
    if (options === null) {
      process.stdout.write(USAGE);
      return 0;
    }
    folder = options.state ?? mkdtempSync(join(tmpdir(), "festina-fuzz-"));
    mkdirSync(join(folder, "findings"), { recursive: true });
    begun = load(folder, options.seed);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  const unlock = takeLock(
    join(folder, "progress.lock"),
    (pid) => new OperationError("FUZZ_RUNNING", `process ${pid} is at work in ${folder}`),
  );
  print(`${SUBJECTS.length} decoders, ${BATCH_INPUTS} inputs a batch, from batch ${begun.batches}, in ${folder}`);
  const ended = await sit(folder, options, begun, isInterrupted, print);
  save(folder, ended);
  unlock();
  if (options.json !== undefined) {
    const { counts, ...rest } = ended;
    writeFileSync(options.json, `${JSON.stringify({ ...rest, ...counts }, null, 2)}\n`);
  }
  print(`fuzz: ${describe(ended)}`);
  return ended.counts.findings === 0 ? 0 : 1;
}
