// Links through the project's own packet relay: a TUN device in each namespace, delay and loss by packet.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { command, hostOf } from "./namespaces.mjs";

const SOURCE = fileURLToPath(new URL("packetRelay.cpp", import.meta.url));
const COMPILERS = ["g++", "clang++", "c++"];
const MICROSECONDS_PER_MS = 1_000;
const MILLION = 1_000_000;

/** @throws Error where there is no compiler, or it does not take the program */
function compile(folder) {
  const compiler = COMPILERS.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
  if (compiler === undefined) throw new Error(`no C++ compiler (${COMPILERS.join(", ")})`);
  mkdirSync(folder, { recursive: true });
  const program = join(folder, "packetRelay");
  command(compiler, "-O2", "-std=c++17", "-o", program, SOURCE);
  return program;
}

/** @param {{ namespaces: import("./namespaces.mjs").Namespaces, folder: string }} place @throws Error where TUN is not permitted */
export async function openRelayLinks({ namespaces, folder }) {
  const { names } = namespaces;
  const child = spawn(compile(folder), names, { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaint += text;
  });
  // It may be gone before we say goodbye.
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout });
  /** @type {string[]} */
  const said = [];
  lines.on("line", (line) => said.push(line));
  const nextLine = async () => {
    while (said.length === 0) {
      if (child.exitCode !== null) throw new Error(`the packet relay ended: ${complaint.trim()}`);
      await Promise.race([once(lines, "line"), once(child, "close")]);
    }
    return said.shift();
  };
  await nextLine();
  for (const [index, name] of names.entries()) {
    command("ip", "-n", name, "address", "add", `${hostOf(index)}/24`, "dev", "wan0");
    command("ip", "-n", name, "link", "set", "wan0", "up");
  }
  return {
    kind: "packet relay over TUN",
    hasLoss: true,
    set(from, to, { delayMs, loss, isCut }) {
      const values = [from, to, Math.round(delayMs * MICROSECONDS_PER_MS), Math.round(loss * MILLION), isCut ? 1 : 0];
      child.stdin.write(`link ${values.join(" ")}\n`);
    },
    /** Packets so far. */
    async counts() {
      child.stdin.write("counts\n");
      return JSON.parse((await nextLine()) ?? "{}");
    },
    close() {
      child.stdin.end();
      child.kill("SIGKILL");
    },
  };
}
