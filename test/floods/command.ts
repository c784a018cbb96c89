// `npm run bench -- floods`: what one message of a flood costs the node that refuses it.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createCostlyKind, createFloodKinds, type FloodKind } from "./floodKinds.ts";

const USAGE = "usage: npm run bench -- floods [--messages 20000] [--json FILE]\n";
const WARM_UP = 5_000;
const P99_MICROSECONDS_MAX = 10;
const MESSAGES = { min: 100, max: 10_000_000 };

interface Row {
  readonly name: string;
  readonly medianMicroseconds: number;
  readonly p99Microseconds: number;
}

function measure(kind: FloodKind, messages: number): Row {
  for (let serial = 0; serial < WARM_UP; serial++) kind.make(serial)();
  const times = new Float64Array(messages);
  for (let serial = 0; serial < messages; serial++) {
    const refuse = kind.make(WARM_UP + serial);
    const begunMs = performance.now();
    refuse();
    times[serial] = (performance.now() - begunMs) * 1_000;
  }
  times.sort();
  const at = (share: number): number => times[Math.floor((messages - 1) * share)] ?? 0;
  return { name: kind.name, medianMicroseconds: at(0.5), p99Microseconds: at(0.99) };
}

function readCount(argv: readonly string[]): { messages: number; json: string | undefined } | null {
  try {
    const options = { messages: { type: "string", default: "20000" }, json: { type: "string" } } as const;
    const { values } = parseArgs({ args: [...argv], options });
    const messages = Number(values.messages);
    if (!Number.isSafeInteger(messages) || messages < MESSAGES.min || messages > MESSAGES.max)
      throw new Error(`--messages is a whole number from ${MESSAGES.min} to ${MESSAGES.max}`);
    return { messages, json: values.json };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}`);
    return null;
  }
}

export function run(argv: readonly string[]): number {
  if (argv.includes("--help")) {
    process.stdout.write(USAGE);
    return 0;
  }
  const options = readCount(argv);
  if (options === null) return 2;
  const rows = createFloodKinds().map((kind) => measure(kind, options.messages));
  const costly = measure(createCostlyKind(), options.messages);
  for (const { name, medianMicroseconds, p99Microseconds } of [...rows, costly])
    process.stdout.write(
      `${name.padEnd(48)} median ${medianMicroseconds.toFixed(2).padStart(7)} us   p99 ${p99Microseconds.toFixed(2).padStart(7)} us\n`,
    );
  const worst = Math.max(...rows.map(({ p99Microseconds }) => p99Microseconds));
  process.stdout.write(`worst p99 of a cheap kind: ${worst.toFixed(2)} us (target ${P99_MICROSECONDS_MAX} us)\n`);
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({ rows, costly, worstP99Microseconds: worst }, null, 2)}\n`);
  return worst <= P99_MICROSECONDS_MAX ? 0 : 1;
}
