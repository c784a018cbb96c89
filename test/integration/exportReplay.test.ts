import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
    const bundle = join(folder, "network.json");
    const named = ["--config", config, "--bundle", bundle];
    const written = await festina("snapshot", "export", snapshot, ...named, "--json");
    expect([written.code, written.stderr]).toEqual([0, ""]);
    const head = JSON.parse(written.stdout) as { headNumber: number; headHash: string; digest: string };
    expect(head.digest).toBe(`0x${readFileSync(snapshot).subarray(-32).toString("hex")}`);
    const { headNumber, headHash, digest } = head;
    const bundled = readFileSync(bundle, "utf8");
    expect(JSON.parse(bundled)).toMatchObject({ version: 2, snapshot: { headNumber, headHash, digest } });
    expect((await festina("snapshot", "export", snapshot, ...named)).stderr).toContain("[FILE_UNWRITABLE]");
    expect(readFileSync(bundle, "utf8")).toBe(bundled);

    const byBundle = async (file: string) => {
      const place = ["--data-dir", join(folder, "by-bundle"), "--rpc-port", String(await findPortBase(1))];
      return festina("init", "--network", bundle, "--snapshot", file, ...place, "--history", "full", "--json");
    };
    const another = join(folder, "another.snapshot");
    writeFileSync(another, bendTable(readFileSync(snapshot), 0x35));
    expect((await byBundle(another)).stderr).toContain('"SNAPSHOT_DIGEST_MISMATCH"');
    expect(existsSync(join(folder, "by-bundle"))).toBe(false);
    const begun = await byBundle(snapshot);
    expect([begun.code, begun.stderr]).toEqual([0, ""]);
    expect(JSON.parse(begun.stdout)).toMatchObject({ headNumber, headHash });
    expect(JSON.parse(readFileSync(joins("by-bundle"), "utf8"))).toMatchObject({ history: "full" });
    const range = ["--blocks", `1..${BLOCKS}`];
    const there = await festina("export", join(folder, "there.jsonl"), "--config", joins("by-bundle"), ...range);
    expect([there.code, there.stderr]).toEqual([0, ""]);

    const joiner = await initialise("joiner");
    const wrongDigest = ["--digest", `0x${"00".repeat(32)}`];
    const other = await festina("snapshot", "import", snapshot, "--config", joiner, ...wrongDigest);
    expect(other.stderr).toContain("[SNAPSHOT_DIGEST_MISMATCH]");
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
    // As the program before storage lay in pages would have written it.
    const old = join(folder, "old.snapshot");
    writeFileSync(old, withoutPages(readFileSync(snapshot)));
    const taken = await festina("snapshot", "import", old, "--config", joiner, "--json");
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

/** As docs/spec/storage.md has them. */
const [META, SLOTS, PAGES] = [0x01, 0x31, 0x36] as const;
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** What a page holds, by place. */
function slotsOf(page: Buffer): readonly (readonly [place: number, value: Buffer])[] {
  const bitmap = page.readUInt16BE(0);
  const places = Array.from({ length: 16 }, (_, place) => place).filter((place) => (bitmap >> place) & 1);
  let at = 2;
  return places.map((place, index) => {
    const length = index === places.length - 1 ? page.length - at : (page[at++] as number);
    at += length;
    return [place, page.subarray(at - length, at)];
  });
}

/** The same content in tables of format 3, under the digest that belongs to it. */
function withoutPages(file: Buffer): Buffer {
  const headerEnd = 4 + file.readUInt32BE(0);
  const header = Buffer.from(JSON.stringify({ ...JSON.parse(file.toString("utf8", 4, headerEnd)), tables: 3 }));
  const parts: Buffer[] = [uint32(header.length), header];
  const put = (key: Buffer, value: Buffer) => void parts.push(uint32(key.length), uint32(value.length), key, value);
  let at = headerEnd;
  while (file.readUInt32BE(at) > 0) {
    const [keyLength, valueLength] = [file.readUInt32BE(at), file.readUInt32BE(at + 4)];
    const key = file.subarray(at + 8, at + 8 + keyLength);
    at += 8 + keyLength + valueLength;
    const value = file.subarray(at - valueLength, at);
    if (key[0] === PAGES)
      for (const [place, held] of slotsOf(value)) {
        const slot = Buffer.from(key);
        slot[0] = SLOTS;
        slot[keyLength - 1] = (slot[keyLength - 1] as number) | place;
        put(slot, held);
      }
    else if (key[0] === META && key.subarray(1).toString() === "formatVersion")
      put(key, Buffer.from([0, 0, 0, 0, 0, 0, 0, 3]));
    else put(key, value);
  }
  const content = Buffer.concat([...parts, file.subarray(at, at + 8)]);
  return Buffer.concat([content, createHash("sha256").update(content).digest()]);
}

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
