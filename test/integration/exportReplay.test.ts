import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "@jest/globals";
import { FESTINA_COMMAND, startDevnet } from "../endToEnd/devnetProcess.ts";

const run = promisify(execFile);
const BLOCKS = 50;

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
    expect(findings.find(({ check }) => check === "data")?.message).toMatch(/^blocks 1 to \d+, .* are whole$/);
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
  }, 180_000);
});
