// What campaigns share that attack one member of a devnet from a core of their own.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { PROTOCOL_VERSION } from "@festina/network";

/** A program on the last core, where there is a `taskset`; answers with the JSON that it prints at its end. */
export function runPinned(program, task) {
  const core = `${availableParallelism() - 1}`;
  const child = spawn("taskset", ["-c", core, process.execPath, program, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(JSON.parse(output || "{}")));
  });
}

/** The process that was started with this configuration. */
export function findProcess(configFile) {
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (readFileSync(`/proc/${entry}/cmdline`, "utf8").includes(configFile)) return entry;
    } catch {
      // Gone between the listing and the reading.
    }
  }
  throw new Error(`no process runs with ${configFile}`);
}

export function residentMib(pid) {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1] ?? 0) / 1_024;
}

/** Seconds of a core that the process has had, of all its threads; Linux counts them in hundredths. */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // "pid (name) state ...": the name may hold spaces and parentheses. utime and stime are the 14th and 15th.
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

/** Whom an attacker reaches, and how it greets: the first member, as an observer. */
export async function targetOf(network, agent) {
  const [victim, other] = network.placed;
  const config = JSON.parse(readFileSync(other.layout.configFile, "utf8"));
  const peer = config.network.peers.find((text) => text.endsWith(`:${victim.networkPort}`));
  const ask = network.rpc(victim.name);
  const { specHash } = await ask("festina_invitation");
  const { hash } = await ask("eth_getBlockByNumber", "0x0", false);
  const address = { nodeId: peer.split("@")[0], host: "127.0.0.1", port: victim.networkPort };
  const handshake = {
    protocolVersion: PROTOCOL_VERSION,
    specHash,
    genesisHash: hash,
    role: "observer",
    agent,
    headNumber: 0,
    snailNumber: 0,
  };
  return { address, handshake };
}
