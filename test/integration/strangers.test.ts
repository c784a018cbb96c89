// Nodes of two networks, each given the other's address: both say why nobody is there.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../../scripts/campaigns/devnet/patience.mjs";
import { connectTo } from "../../scripts/outside/askNode.mjs";
import { FESTINA_COMMAND } from "../endToEnd/devnetProcess.ts";
import { findPortBase } from "../endToEnd/freePorts.ts";

const PEER_PORT_OFFSET = 22_000;
const WAIT_MS = 60_000;

describe("nodes of two networks", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-strangers-"));
  const password = join(folder, "password");
  const processes: ChildProcess[] = [];
  const logs: string[] = ["", ""];
  let base = 0;
  const festina = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [FESTINA_COMMAND, ...args])).stdout;
  const rpc = (index: number): string => `http://127.0.0.1:${base + index}`;

  beforeAll(async () => {
    base = await findPortBase(2);
    writeFileSync(password, "a password\n", { mode: 0o600 });
    const addresses: string[] = [];
    for (const index of [0, 1]) {
      const out = join(folder, `net-${index}`);
      const size = ["--members", "1", "--miners", "1", "--heartbeat-ms", "500", "--password-file", password];
      const ports = ["--rpc-port", `${base + index}`, "--network-port", `${base + index + PEER_PORT_OFFSET}`];
      const made = JSON.parse(await festina("testnet", "--out", out, ...size, ...ports, "--json"));
      addresses.push(made.nodes[1].address.replace(/:\d+$/, `:${base + index + PEER_PORT_OFFSET}`));
    }
    for (const index of [0, 1]) {
      // The miner's folder without its miner: an observer that waits to begin by snapshot.
      const file = join(folder, `net-${index}`, "miner-1", "config.json");
      const config = JSON.parse(readFileSync(file, "utf8"));
      config.miner = null;
      config.sync = { mode: index === 0 ? "snapshot" : "replay" };
      config.rpc.port = base + index;
      config.network.port = base + index + PEER_PORT_OFFSET;
      config.network.peers = [addresses[1 - index]];
      writeFileSync(file, JSON.stringify(config));
      const child = spawn(process.execPath, [FESTINA_COMMAND, "start", "--config", file]);
      child.stdout.on("data", (chunk) => {
        logs[index] += String(chunk);
      });
      processes.push(child);
    }
    await waitFor("both have met", WAIT_MS, async () => {
      const met = await Promise.all(
        [0, 1].map(async (index) => (await connectTo(rpc(index))("festina_status").catch(() => null))?.otherNetworks),
      );
      return met.every((networks) => networks?.length > 0) ? true : null;
    });
  }, 120_000);

  afterAll(async () => {
    await Promise.all(
      processes.map(async (child) => {
        const ended = new Promise((done) => child.once("close", done));
        child.kill("SIGKILL");
        await ended;
      }),
    );
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([0, 1])("%i: its status says which network its peer belongs to", async (index) => {
    const { doing, peers, otherNetworks } = await connectTo(rpc(index))("festina_status");
    const { theirs, ours } = otherNetworks[0];
    expect(peers).toBe(0);
    expect(theirs).not.toBe(ours);
    const said = `1 peer belongs to another network: genesis ${theirs}, ours ${ours}`;
    expect(doing).toContain(said);
    const text = await festina("status", "--rpc", rpc(index));
    expect(text).toContain(said);
    const other = (await connectTo(rpc(1 - index))("festina_status")).otherNetworks[0];
    expect([other.ours, other.theirs]).toEqual([theirs, ours]);
  });

  it("lists it among its peers, and warns once however often they meet", async () => {
    const text = await festina("peers", "--rpc", rpc(0));
    expect(text).toMatch(
      /of other networks, turned away\n {2}0x.* genesis 0x[0-9a-f]{64}, ours 0x[0-9a-f]{64} {2}configured/,
    );
    await waitFor("they have met again", WAIT_MS, async () => {
      const { strangers } = await connectTo(rpc(0))("net_peers");
      return strangers[0].agoMs < 500 ? true : null;
    });
    const warned = (logs[0] ?? "").split("\n").filter((line) => line.includes('"peerOfOtherNetwork"'));
    expect(warned).toHaveLength(1);
    expect(JSON.parse(warned[0] as string)).toMatchObject({ level: "warn", code: "GENESIS_MISMATCH" });
  });
});
