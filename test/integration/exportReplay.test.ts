import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "@jest/globals";
import { FESTINA_COMMAND, startDevnet } from "../endToEnd/devnetProcess.ts";
import { findPortBase } from "../endToEnd/freePorts.ts";

const run = promisify(execFile);
/** More than a node would rather execute one by one than begin by the state of the newest. */
const BLOCKS = 80;

interface Replayed {
  readonly blocks: number;
  readonly headHash: string;
  readonly stateRoot: string;
}

async function festina(
  ...args: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number }> {
  try {
    return { ...(await run(process.execPath, [FESTINA_COMMAND, ...args])), code: 0 };
  } catch (error) {
    const failed = error as { stdout: string; stderr: string; code: number };
    return { stdout: failed.stdout, stderr: failed.stderr, code: failed.code };
  }
}

describe("export and replay", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-history-"));
  const file = join(folder, "history.jsonl");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("gives the same hashes and roots in a second process, and refuses what was changed", async () => {
    const devnet = await startDevnet({ dataDir: folder });
    let served = { hash: "", stateRoot: "" };
    try {
      const rpc = devnet.rpc();
      const [from, to] = await rpc.call<string[]>("eth_accounts");
      // A transaction wakes the proposer: the blocks come faster than the heartbeat, and have something in them.
      while ((await devnet.head()) < BLOCKS) {
        const hash = await rpc.call<string>("eth_sendTransaction", [{ from, to, value: "0x1" }]);
        while ((await rpc.call("eth_getTransactionReceipt", [hash])) === null)
          await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const tag = `0x${BLOCKS.toString(16)}`;
      served = await rpc.call<typeof served>("eth_getBlockByNumber", [tag, false]);
    } finally {
      await devnet.stop();
    }
    const config = join(folder, "member-1/config.json");
    const examined = await festina("doctor", "--config", config, "--json");
    const { findings } = JSON.parse(examined.stdout) as { findings: { check: string; message: string }[] };
    expect(findings.find(({ check }) => check === "data")?.message).toMatch(
      /^blocks 1 to \d+, .* are whole; data format \d+$/,
    );
    const exported = await festina("export", file, "--config", config, "--blocks", `1..${BLOCKS}`, "--json");
    expect([exported.code, exported.stderr]).toEqual([0, ""]);
    const replayed = await festina("replay", file, "--json");
    expect([replayed.code, replayed.stderr]).toEqual([0, ""]);
    const report = JSON.parse(replayed.stdout) as Replayed;
    // A block that is final only through a later certificate ends the export a little earlier.
    expect(report.blocks).toBeGreaterThanOrEqual(BLOCKS - 2);
    if (report.blocks === BLOCKS) expect([report.headHash, report.stateRoot]).toEqual([served.hash, served.stateRoot]);

    const lines = readFileSync(file, "utf8").split("\n");
    const changed = join(folder, "changed.jsonl");
    const bend = (text: string, at: number): string =>
      text.slice(0, at) + (text[at] === "0" ? "1" : "0") + text.slice(at + 1);
    const middle = (lines[20] ?? "").indexOf('"envelope":"0x') + 400;
    writeFileSync(changed, lines.map((line, index) => (index === 20 ? bend(line, middle) : line)).join("\n"));
    const refused = await festina("replay", changed);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/\[(REPLAY_|HISTORY_)/);
    writeFileSync(changed, lines.filter((_, index) => index !== 1).join("\n"));
    expect((await festina("replay", changed)).stderr).toContain("[REPLAY_START]");

    const joins = (name: string) => join(folder, name, "config.json");
    const initialise = async (name: string) => {
      const options = ["--chain-spec", join(folder, "chainspec.json"), "--rpc-port", String(await findPortBase(1))];
      expect((await festina("init", "--data-dir", join(folder, name), ...options)).code).toBe(0);
      return joins(name);
    };
    const snapshot = join(folder, "chain.snapshot");
    const written = await festina("snapshot", "export", snapshot, "--config", config, "--json");
    expect([written.code, written.stderr]).toEqual([0, ""]);
    const head = JSON.parse(written.stdout) as { headNumber: number; headHash: string; digest: string };
    expect(head.digest).toBe(`0x${readFileSync(snapshot).subarray(-32).toString("hex")}`);
    expect((await festina("snapshot", "export", snapshot, "--config", config)).stderr).toContain("[FILE_UNWRITABLE]");

    const joiner = await initialise("joiner");
    const wrongHash = ["--head-hash", `0x${"00".repeat(32)}`];
    const unwanted = await festina("snapshot", "import", snapshot, "--config", joiner, ...wrongHash);
    expect(unwanted.stderr).toContain("[HEAD_HASH_MISMATCH]");
    // Nodes of the state, and certificates: each lie has a digest that fits.
    for (const table of [0x33, 0x14]) {
      const lie = join(folder, `lie-${table}.snapshot`);
      writeFileSync(lie, bendTable(readFileSync(snapshot), table));
      const refusal = await festina("snapshot", "import", lie, "--config", joiner, "--json");
      expect([refusal.code, refusal.stderr]).toEqual([1, expect.stringContaining('"SNAPSHOT_UNUSABLE"')]);
      rmSync(join(folder, "joiner/data"), { recursive: true });
    }
    const taken = await festina("snapshot", "import", snapshot, "--config", joiner, "--json");
    expect([taken.code, taken.stderr]).toEqual([0, ""]);
    expect(JSON.parse(taken.stdout)).toMatchObject({ number: head.headNumber, hash: head.headHash });
    const looked = await festina("doctor", "--config", joiner, "--json");
    const data = (JSON.parse(looked.stdout) as { findings: { check: string; message: string }[] }).findings;
    const whole = `blocks 1 to ${head.headNumber}, their places, certificates and the newest state are whole`;
    expect(data.find(({ check }) => check === "data")?.message).toMatch(new RegExp(`^${whole}; data format \\d+$`));
    const again = await festina("snapshot", "import", snapshot, "--config", joiner);
    expect(again.stderr).toContain("[FOLDER_IN_USE]");
  }, 240_000);
});

/** The same file with the last byte of every value of one table bent, and the digest that belongs to it. */
function bendTable(file: Buffer, table: number): Buffer {
  const bent = Buffer.from(file.subarray(0, -32));
  for (let at = 4 + bent.readUInt32BE(0); bent.readUInt32BE(at) > 0; ) {
    const [keyLength, valueLength] = [bent.readUInt32BE(at), bent.readUInt32BE(at + 4)];
    const end = at + 8 + keyLength + valueLength;
    if (bent[at + 8] === table && valueLength > 0) bent[end - 1] = (bent[end - 1] as number) ^ 1;
    at = end;
  }
  return Buffer.concat([bent, createHash("sha256").update(bent).digest()]);
}
