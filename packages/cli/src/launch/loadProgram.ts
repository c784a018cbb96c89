import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

/** What the bundled command exports. */
interface ProgramExports {
  main(args: readonly string[]): Promise<number>;
}

export interface LoadedProgram extends ProgramExports {
  /** What V8 has compiled until now, for the next start. */
  compiledCode(): Buffer;
}

/** Beside this file, once it is bundled: a function of `exports`, `require`, `module` and `__filename`. */
const PROGRAM_FILE = fileURLToPath(new URL("./program.cjs", import.meta.url));
export const CODE_FILE = fileURLToPath(new URL("./program.code", import.meta.url));

function readIfPresent(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/**
 * Only for commands that stay; those that end soon are better off without.
 *
 * A node answers its first blocks with code that has never run before. V8 would interpret it for some hundred calls, which
 * costs such a block a sixth of its CPU and a quarter of its time (docs/adr/0038-a-nodes-code-is-compiled-when-first-called.md);
 * unoptimised machine code from the first call on does not. And V8 would let garbage grow to several times of what lives
 * before it looks for it; half of it is enough (docs/adr/0053-a-nodes-memory-follows-what-it-keeps.md), for a development
 * chain, too, which has to answer soon after its start and therefore compiles as usual.
 */
const LITTLE_GARBAGE = "--heap-growing-percent=50";
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  start: ["--always-sparkplug", LITTLE_GARBAGE],
  dev: [LITTLE_GARBAGE],
};
const [, , COMMAND = ""] = process.argv;

/**
 * Loads the whole command from one file, with what V8 made of it at build time: a node would spend half of its start in
 * compiling the same source again. Another version of Node refuses that code and compiles as usual.
 */
export function loadProgram(): LoadedProgram {
  // The bundler escapes whatever is not ASCII.
  const source = readFileSync(PROGRAM_FILE, "latin1");
  const cachedData = readIfPresent(CODE_FILE);
  const script = new Script(source, {
    filename: PROGRAM_FILE,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  // Not before: kept code is refused under other flags than it was made with.
  for (const flag of FLAGS[COMMAND] ?? []) setFlagsFromString(flag);
  const module = { exports: {} as ProgramExports };
  script.runInThisContext()(module.exports, createRequire(PROGRAM_FILE), module, PROGRAM_FILE);
  const { main } = module.exports;
  return { main, compiledCode: () => script.createCachedData() };
}
