// The command line as its user runs it: each command a process of its own.
import { execFile, spawn } from "node:child_process";
import { COMMAND } from "../devnet/devnetUnderTest.mjs";

const COMMAND_MS = 60_000;
const STOP_MS = 20_000;

/** Runs a command that ends by itself, with --json; answers with what it printed. @throws Error with its complaint */
export function runCommand(...args) {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [COMMAND, ...args, "--json"], { timeout: COMMAND_MS }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout));
      else reject(new Error(`festina ${args.join(" ")}: ${stderr.trim()}`, { cause: error }));
    });
  });
}

/** Starts a command that runs until it is stopped. */
export function startCommand(...args) {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const take = (chunk) => {
    output += chunk;
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  const ended = new Promise((resolve) => child.once("close", resolve));
  return {
    output: () => output,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: async () => {
      child.kill("SIGINT");
      const insist = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(insist);
    },
  };
}
