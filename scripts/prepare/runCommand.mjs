// Runs one step of the preparation: a line on stderr when it starts, its seconds when it ends, the tail of its output
// when it fails.
import { spawn } from "node:child_process";

const TAIL_LINES_MAX = 40;
const OUTPUT_BYTES_MAX = 64 * 1024;
const STILL_RUNNING_EVERY_MS = 15_000;

/** A step of the preparation failed; the message is meant for the user as it is. */
export class CommandFailure extends Error {}

/**
 * Resolves when the command ends with code 0.
 * @throws CommandFailure with the command as shown to the user and the last lines it printed.
 */
export async function runCommand({ label, file, args, shown, cwd, timeoutMs, missing }) {
  const startMs = performance.now();
  process.stderr.write(`${label} ...\n`);
  const timer = setInterval(() => {
    process.stderr.write(`${label}: still running after ${secondsSince(startMs)}\n`);
  }, STILL_RUNNING_EVERY_MS);
  try {
    const { ended, output } = await collect(file, args, { cwd, timeout: timeoutMs });
    if (ended !== "exit code 0") throw new CommandFailure(`${label} failed: ${shown} (${ended})\n${tail(output)}`);
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
    let output = "";
    const keep = (chunk) => {
      output = (output + chunk).slice(-OUTPUT_BYTES_MAX);
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ ended: signal === null ? `exit code ${code}` : `stopped by ${signal}`, output });
    });
  });
}

function tail(output) {
  return output.trimEnd().split("\n").slice(-TAIL_LINES_MAX).join("\n");
}

function secondsSince(startMs) {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}
