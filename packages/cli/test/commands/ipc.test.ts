import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { IpcSocketProvider } from "ethers";
import { placeConfig } from "../../src/nodeFiles.ts";
import { startDev } from "../devUnderTest.ts";
import { runCommand } from "../runCommand.ts";

describe("--ipc", () => {
  const home = mkdtempSync(join(tmpdir(), "festina-ipc-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it("opens a socket file beside the port, and takes it away at the end", async () => {
    const file = join(home, "dev.ipc");
    const dev = await startDev("--ipc", file);
    const provider = new IpcSocketProvider(file);
    expect((await provider.getNetwork()).chainId).toBe(31_337n);
    provider.destroy();
    const refused = await runCommand("dev", "--port", "0", "--ipc", file);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("is in use by another process")]);
    expect(statSync(file).isSocket()).toBe(true);
    await dev.stop();
    expect(existsSync(file)).toBe(false);

    writeFileSync(file, "not a socket");
    const { code, err } = await runCommand("dev", "--port", "0", "--ipc", file);
    expect([code, err]).toEqual([1, expect.stringContaining("is no socket")]);
  }, 60_000);

  it("stands in a node's configuration, relative to its file", () => {
    const node = { chainSpecFile: "chainspec.json", dataDir: "data", network: null, validator: null, miner: null };
    const placed = placeConfig({ ...node, rpc: { port: 8545, ipc: "node.ipc" } }, "/srv/festina");
    expect(placed.rpc?.ipc).toBe("/srv/festina/node.ipc");
    expect(() => placeConfig({ ...node, rpc: { port: 8545, ipc: 7 } }, home)).toThrow("rpc.ipc");
    expect(() => placeConfig({ ...node, rpc: { port: 8545, ipc: "" } }, home)).toThrow("rpc.ipc");
  });
});
