// Runs the same seeds in several processes and compares what they print, seed by seed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PRINTER = fileURLToPath(new URL("./printDigests.mjs", import.meta.url));
const TOLD_SEEDS = 250;

/** A run must not depend on where on earth it takes place. */
const ABROAD = { TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };

/** The processes that are compared: ours, the same abroad, and each other Node. */
export function listRunners(otherNodes) {
  return [
    { node: process.execPath, env: {} },
    { node: process.execPath, env: ABROAD },
    ...otherNodes.map((node) => ({ node, env: ABROAD })),
  ];
}

async function versionOf(node) {
  const child = spawn(node, ["--version"], { stdio: ["ignore", "pipe", "inherit"] });
  let version = "";
  child.stdout.on("data", (text) => {
    version += text;
  });
  await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  return version.trim();
}

async function runSeeds({ node, env }, { level, profile, from, to }, onLine) {
  const child = spawn(node, [PRINTER, level, profile, `${from}`, `${to}`], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  for await (const line of createInterface({ input: child.stdout })) onLine(line);
  const exitCode = await closed;
  if (exitCode !== 0) throw new Error(`${node} ended with exit code ${exitCode}`);
}

/** @returns versions of the processes, the seeds in which they differ, and one digest over all that the first printed */
export async function compareDigests({ runners, task, print }) {
  const versions = await Promise.all(runners.map(({ node }) => versionOf(node)));
  const lines = runners.map(() => []);
  const takeLine = (at) => (line) => {
    lines[at].push(line);
    if (lines[at].length % TOLD_SEEDS === 0) print(`process ${at + 1} (${versions[at]}): ${lines[at].length} seeds`);
  };
  await Promise.all(runners.map((runner, at) => runSeeds(runner, task, takeLine(at))));
  const [first, ...others] = lines;
  const differing = first.flatMap((line, at) => (others.every((other) => other[at] === line) ? [] : [line]));
  const isShort = lines.some(({ length }) => length !== task.to - task.from + 1);
  if (isShort) throw new Error("a process printed too few or too many seeds");
  const digest = createHash("sha256").update(first.join("\n")).digest("hex").slice(0, 16);
  return { versions, seeds: first.length, differing: differing.map((line) => Number(line.split(" ")[0])), digest };
}
