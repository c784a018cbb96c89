// A page of documentation as its reader follows it: every command, in order, in one folder, in terminals of their own where
// the page says so.
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { repositoryRoot } from "../prepare.mjs";
import { pageSteps } from "./pageSteps.mjs";

const STOP_MS = 20_000;
/**
 * Some steps ask until something answers. Whoever started them may be killed: then nobody ends them, so that each step has
 * somebody beside it who looks every second whether both are still there. It keeps no output of the step open.
 */
const WATCH = `( ( while kill -0 $$; do kill -0 ${process.pid} || kill -KILL -$$; sleep 1; done ) </dev/null >/dev/null 2>&1 & )`;
const FESTINA = join(repositoryRoot, "bin/festina.mjs");

/** A folder with the command `festina`, to be looked through first. */
function makeCommandFolder(folder) {
  const commands = join(folder, "commands");
  mkdirSync(commands, { recursive: true });
  const file = join(commands, "festina");
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${FESTINA}" "$@"\n`);
  chmodSync(file, 0o755);
  return commands;
}

/**
 * @param {object} options
 * @param {string} options.page file of the page
 * @param {string} options.folder new one, in which all happens
 * @param {Readonly<Record<string, string>>} options.replace what the page says, and what it is here: ports that are taken
 * @param {number} options.stepMs that no step takes longer than
 * @param {(line: string) => void} options.print
 * @param {(step: { text: string, output: string, seconds: number }) => Promise<void> | void} [options.afterStep]
 */
export async function runPage({ page, folder, replace, stepMs, print, afterStep = () => undefined }) {
  const work = join(folder, "work");
  mkdirSync(work, { recursive: true });
  const kept = join(folder, "environment");
  const path = `${makeCommandFolder(folder)}${delimiter}${process.env["PATH"]}`;
  /** @type {Map<string, { child: import("node:child_process").ChildProcess, ended: Promise<number>, output: () => string, isRunning: () => boolean }>} */
  const terminals = new Map();

  function begin(text) {
    const before = existsSync(kept) ? `. "${kept}"\n` : "";
    // What a step exports, the steps after it have, as in one terminal.
    const script = `${WATCH}\nset -e\n${before}${text}\nexport -p > "${kept}.new"; mv "${kept}.new" "${kept}"`;
    const child = spawn("sh", ["-c", script], {
      cwd: work,
      env: { ...process.env, PATH: path },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk) => {
        output += chunk;
      });
    /** @type {Promise<number>} */
    const ended = new Promise((resolve) => child.once("close", (code) => resolve(code ?? -1)));
    const isRunning = () => child.exitCode === null && child.signalCode === null;
    return { child, ended, output: () => output, isRunning };
  }

  /** The whole group: the shell, and what it runs. */
  const signal = ({ child }, name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // It has ended.
    }
  };

  try {
    for (const { text: written, terminal } of pageSteps(readFileSync(page, "utf8"))) {
      const text = Object.entries(replace).reduce((sum, [from, to]) => sum.replaceAll(from, to), written);
      print(`$ ${text.replaceAll("\n", "\n  ")}${terminal === null ? "" : `   (terminal ${terminal})`}`);
      const startMs = performance.now();
      const running = begin(text);
      if (terminal !== null) {
        terminals.set(terminal, running);
        continue;
      }
      const limit = setTimeout(() => signal(running, "SIGKILL"), stepMs);
      const code = await running.ended;
      clearTimeout(limit);
      const seconds = Math.round((performance.now() - startMs) / 100) / 10;
      for (const line of running.output().trimEnd().split("\n")) print(`  ${line}`);
      const others = [...terminals].map(([name, { output }]) => `--- terminal ${name}\n${output().slice(-2_000)}`);
      if (code !== 0)
        throw new Error(`the page's step failed (code ${code}, ${seconds} s): ${text}\n${others.join("\n")}`);
      await afterStep({ text, output: running.output(), seconds });
    }
    const ended = [...terminals].filter(([, { isRunning }]) => !isRunning()).map(([name]) => name);
    if (ended.length > 0) throw new Error(`these terminals of the page ended early: ${ended.join(", ")}`);
  } finally {
    for (const running of terminals.values()) {
      signal(running, "SIGINT");
      const insist = setTimeout(() => signal(running, "SIGKILL"), STOP_MS);
      await running.ended;
      clearTimeout(insist);
    }
  }
}
