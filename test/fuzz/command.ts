// `npm run fuzz -- tvm`: compiler against interpreter on random, jumpy and mutated programs, a sample of them against the
// reference engine. What differs is minimised and saved; a folder of progress goes on where the last sitting stopped.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { differenceOf } from "./fuzzCase.ts";
import { createFuzzEngines, fuzzPrograms } from "./fuzzPrograms.ts";
import { hearInterruptions } from "./interruptions.ts";
import { Progress } from "./progress.ts";

const USAGE = `usage: npm run fuzz -- tvm [--minutes 2] [--programs N] [--seed 1] [--reference-every 25] [--state FOLDER] [--json FILE]
  --minutes, --programs   of this sitting: it ends with whichever comes first
  --state                 goes on where it lies: progress.json, programs.bin, cases/
JSON: { seed, seconds, drawn, programs, executions, referenceExecutions, success, revert, halt, differences, cases }
`;
const SAVE_MS = 20_000;

interface FuzzArguments {
  readonly minutes: number;
  readonly programs: number;
  readonly seed: number;
  readonly referenceEvery: number;
  readonly state: string | undefined;
  readonly json: string | undefined;
}

function readArguments(argv: readonly string[]): FuzzArguments | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: "boolean", default: false },
      minutes: { type: "string", default: "2" },
      programs: { type: "string", default: "100000000" },
      seed: { type: "string", default: "1" },
      "reference-every": { type: "string", default: "25" },
      state: { type: "string" },
      json: { type: "string" },
    },
  });
  if (values.help) return null;
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new RangeError("--minutes is a number above 0");
  const whole = (name: "programs" | "seed" | "reference-every"): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`--${name} is a whole number above 0`);
    return value;
  };
  return {
    minutes,
    programs: whole("programs"),
    seed: whole("seed"),
    referenceEvery: whole("reference-every"),
    state: values.state,
    json: values.json,
  };
}

/** @returns 1 when engines differed */
export async function run(argv: readonly string[]): Promise<number> {
  const isInterrupted = hearInterruptions();
  let options: FuzzArguments | null;
  let progress: Progress;
  try {
    options = readArguments(argv);
    if (options === null) {
      process.stdout.write(USAGE);
      return 0;
    }
    progress = new Progress(options.state ?? mkdtempSync(join(tmpdir(), "festina-fuzz-")), options.seed);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  const cases: string[] = [];
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const { all } = createFuzzEngines();
  for (const file of await progress.judgeAgain(async (found) => (await differenceOf(found, all)) !== null))
    print(`SETTLED ${file}`);
  await fuzzPrograms({
    seed: options.seed,
    corpus: progress.corpus,
    counts: progress.counts,
    referenceEvery: options.referenceEvery,
    isNew: (program) => progress.isNew(program),
    onDifference: (found, texts) => {
      cases.push(progress.saveCase(found, texts));
      print(`DIFFERENCE ${cases.at(-1)}`);
    },
    goesOn: createStop(options, progress, isInterrupted, print),
  });
  progress.close();
  const { counts, seconds } = progress;
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify({ seed: options.seed, seconds, ...counts, cases }, null, 2)}\n`);
  }
  print(`fuzz: ${describe(progress)}`);
  return counts.differences === 0 ? 0 : 1;
}

function describe({ counts, seconds }: Progress): string {
  const { programs, executions, referenceExecutions, success, revert, halt, differences } = counts;
  return (
    `${programs} programs, ${executions} executions (${success} ended well, ${revert} reverted, ${halt} halted), ` +
    `${referenceExecutions} of them on the reference engine, ${differences} differences, ${Math.round(seconds)} s`
  );
}

/** Also saves and tells, now and then. */
function createStop(
  { minutes, programs }: FuzzArguments,
  progress: Progress,
  isInterrupted: () => boolean,
  print: (line: string) => void,
) {
  const endMs = performance.now() + minutes * 60_000;
  const programsEnd = progress.counts.programs + programs;
  let savedMs = performance.now();
  return (): boolean => {
    const nowMs = performance.now();
    if (nowMs - savedMs > SAVE_MS) {
      savedMs = nowMs;
      progress.save();
      print(describe(progress));
    }
    return !isInterrupted() && nowMs < endMs && progress.counts.programs < programsEnd;
  };
}
