// One command line inside the test: its exit code, and what it printed.
import { main } from "../src/main.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

type Write = typeof process.stdout.write;

export async function runCommand(...args: readonly string[]): Promise<Ran> {
  const printed = { out: "", err: "" };
  const { stdout, stderr } = process;
  const former = { out: stdout.write, err: stderr.write };
  const take =
    (stream: "out" | "err"): Write =>
    (chunk: unknown): boolean => {
      printed[stream] += String(chunk);
      return true;
    };
  stdout.write = take("out");
  stderr.write = take("err");
  try {
    return { code: await main(args), ...printed };
  } finally {
    stdout.write = former.out;
    stderr.write = former.err;
  }
}
