// Runs one step of the preparation: a line on stderr when it starts, its seconds when it ends, what it said when
// it fails.
import { spawn } from "node:child_process";
import { alsoHeldBy } from "./lock.mjs";

/** Compilers say the cause first, package managers somewhere in the middle, crashes last. */
const SHOWN_LINES_FIRST = 20;
const SHOWN_LINES_LAST = 20;
const OUTPUT_BYTES_MAX = 64 * 1024;
const STILL_RUNNING_EVERY_MS = 15_000;
/** With what shells add to a signal's number. */
const ENDING_SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** A step of the preparation failed; the message is meant for the user as it is. */
export class CommandFailure extends Error {}

/**
 * Resolves when the command ends with code 0.
 * @param {{ label: string, file: string, args: string[], shown: string, cwd: string, timeoutMs: number, missing?: string }} step
 *   `missing` is what to say when there is no such file
 * @throws CommandFailure with the command as shown to the user and the first and last lines it printed.
 */
export async function runCommand({ label, file, args, shown, cwd, timeoutMs, missing }) {
  const startMs = performance.now();
  process.stderr.write(`${label} ...\n`);
  const timer = setInterval(() => {
    process.stderr.write(`${label}: still running after ${secondsSince(startMs)}\n`);
  }, STILL_RUNNING_EVERY_MS);
  try {
    const { ended, output } = await collect(file, args, { cwd, timeout: timeoutMs });
    if (ended !== "exit code 0") throw new CommandFailure(`${label} failed: ${shown} (${ended})\n${excerpt(output)}`);
  } catch (error) {
    if (error.code === "ENOENT" && missing !== undefined) throw new CommandFailure(missing, { cause: error });
    throw error;
  } finally {
    clearInterval(timer);
  }
  process.stderr.write(`${label}: done in ${secondsSince(startMs)}\n`);
}

function collect(file, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"], shell: file.endsWith(".cmd") });
    const ignoreSignals = endWith(child);
    if (child.pid !== undefined) alsoHeldBy(child.pid);
    let output = "";
    let late = "";
    const keep = (chunk) => {
      if (output.length < OUTPUT_BYTES_MAX) output += chunk;
      else late = (late + chunk).slice(-OUTPUT_BYTES_MAX);
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", (error) => {
      ignoreSignals();
      reject(error);
    });
    child.on("close", (code, signal) => {
      ignoreSignals();
      resolve({ ended: signal === null ? `exit code ${code}` : `stopped by ${signal}`, output: output + late });
    });
  });
}

/** Who is told to end takes the step along: a half-done one is done again, but two at once would disturb each other. */
function endWith(child) {
  const listeners = Object.entries(ENDING_SIGNALS).map(([signal, exitCode]) => {
    const listener = () => {
      child.kill("SIGKILL");
      process.exit(exitCode);
    };
    process.once(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const off of listeners) off();
  };
}

function excerpt(output) {
  const lines = output.trimEnd().split("\n");
  const left = lines.length - SHOWN_LINES_FIRST - SHOWN_LINES_LAST;
  if (left <= 1) return lines.join("\n");
  return [...lines.slice(0, SHOWN_LINES_FIRST), `... ${left} more lines ...`, ...lines.slice(-SHOWN_LINES_LAST)].join(
    "\n",
  );
}

function secondsSince(startMs) {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}
