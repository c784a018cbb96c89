import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { startDevnet } from "./devnetProcess.ts";

// What a user sees of one command: start, accounts, addresses, Ctrl-C, and on from there at the next start.

describe("festina devnet", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "festina-devnet-"));
  let firstHead = 0;
  let firstHash = "";

  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it("prints accounts and addresses, makes blocks, and leaves no process behind on Ctrl-C", async () => {
    const devnet = await startDevnet({ dataDir });
    try {
      expect(devnet.accounts).toHaveLength(10);
      expect(devnet.accounts[0]?.address).toBe("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
      expect([...devnet.urls.keys()]).toEqual(["member-1", "member-2", "member-3", "member-4", "miner-1"]);
      expect(devnet.processIds()).toHaveLength(5);
      for (const name of devnet.urls.keys()) await devnet.waitForBlock(1, 20_000, name);
      firstHead = await devnet.head();
      const tag = `0x${firstHead.toString(16)}`;
      firstHash = (await devnet.rpc().call<{ hash: string }>("eth_getBlockByNumber", [tag, false])).hash;
    } finally {
      expect(await devnet.stop()).toEqual({ exitCode: 0, leftOver: [] });
    }
  }, 120_000);

  it("goes on where it stopped", async () => {
    const devnet = await startDevnet({ dataDir });
    try {
      await devnet.waitForBlock(firstHead + 1, 30_000);
      const tag = `0x${firstHead.toString(16)}`;
      const block = await devnet.rpc().call<{ hash: string }>("eth_getBlockByNumber", [tag, false]);
      expect(block.hash).toBe(firstHash);
    } finally {
      expect(await devnet.stop()).toEqual({ exitCode: 0, leftOver: [] });
    }
  }, 120_000);
});
