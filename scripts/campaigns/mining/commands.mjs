// The command line as its user runs it: each command a process of its own.
import { spawn } from "node:child_process";
import { COMMAND } from "../devnet/devnetUnderTest.mjs";

const STOP_MS = 20_000;

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
