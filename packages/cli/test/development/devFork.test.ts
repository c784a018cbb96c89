import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRpcClient } from "@festina/rpc";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type DevUnderTest, startDev } from "../devUnderTest.ts";
import { runCommand } from "../runCommand.ts";

const ALICE = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const BOB = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const PAID = `0x${"ab".repeat(20)}`;
const TIMEOUT_MS = 60_000;

describe("festina dev --fork-url", () => {
  const home = mkdtempSync(join(tmpdir(), "festina-fork-"));
  let remote: DevUnderTest;

  const asked = <T = string>({ url }: Pick<DevUnderTest, "url">, method: string, ...params: unknown[]): Promise<T> =>
    createRpcClient(url).call<T>(method, params);
  const pay = (dev: DevUnderTest, value: string) => asked(dev, "eth_sendTransaction", { from: ALICE, to: PAID, value });

  beforeAll(async () => {
    remote = await startDev("--chain-id", "4242");
    await pay(remote, "0x5");
    await pay(remote, "0x1");
  }, TIMEOUT_MS);
  afterAll(async () => {
    await remote.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it(
    "goes on from the other chain, in a folder also after it was stopped",
    async () => {
      const folder = ["--data-dir", join(home, "chain")];
      const dev = await startDev("--fork-url", remote.url, "--fork-block-number", "1", ...folder);
      expect([await asked(dev, "eth_chainId"), await asked(dev, "eth_blockNumber")]).toEqual(["0x1092", "0x1"]);
      expect(await asked(dev, "eth_getBalance", PAID, "latest")).toBe("0x5");
      const { forkConfig } = await asked<{ forkConfig: object }>(dev, "anvil_nodeInfo");
      expect(forkConfig).toMatchObject({ forkUrl: remote.url, forkBlockNumber: 1 });
      await pay(dev, "0x3");
      await dev.stop();

      const again = await startDev("--fork-url", remote.url, ...folder);
      expect(await asked(again, "eth_blockNumber")).toBe("0x2");
      expect(await asked(again, "eth_getBalance", PAID, "latest")).toBe("0x8");
      expect(await asked(again, "eth_getTransactionCount", ALICE, "latest")).toBe("0x2");
      expect(await asked(again, "eth_getBalance", BOB, "0x0")).toBe(await asked(remote, "eth_getBalance", BOB, "0x0"));
      await again.stop();

      const told = await runCommand("dev", "--port", "0", ...folder);
      expect([told.code, told.err]).toEqual([2, expect.stringContaining("--fork-url")]);
      const other = await startDev();
      await asked(other, "evm_mine");
      const differing = await runCommand("dev", "--port", "0", "--fork-url", other.url, ...folder);
      expect([differing.code, differing.err]).toEqual([1, expect.stringContaining("block 1")]);
      await other.stop();
    },
    TIMEOUT_MS,
  );

  it(
    "takes another chain id, and what it saved goes on where the same block is forked",
    async () => {
      const state = join(home, "state.json");
      const fork = ["--fork-url", remote.url, "--chain-id", "77"];
      const dev = await startDev(...fork, "--state", state);
      expect([await asked(dev, "eth_chainId"), await asked(dev, "eth_blockNumber")]).toEqual(["0x4d", "0x2"]);
      await pay(dev, "0x10");
      await dev.stop();
      const again = await startDev(...fork, "--state", state);
      expect(await asked(again, "eth_blockNumber")).toBe("0x3");
      expect(await asked(again, "eth_getBalance", PAID, "latest")).toBe("0x16");
      await again.stop();
      const { code, err } = await runCommand("dev", "--port", "0", "--load-state", state);
      expect([code, err]).toEqual([1, expect.stringContaining("--fork-block-number 2")]);
    },
    TIMEOUT_MS,
  );

  it.each([
    [["--fork-block-number", "1"], 2, "--fork-url"],
    [["--fork-url", "nonsense"], 2, "no HTTP address"],
    [["--fork-url", "ws://127.0.0.1:1"], 2, "no HTTP address"],
    [["--fork-url", "http://127.0.0.1:1"], 1, "cannot be reached (bad port)"],
    [["--fork-url", "REMOTE", "--fork-block-number", "99"], 1, "has no block 99"],
    [["--fork-url", "REMOTE", "--fork-block-number", "-1"], 2, "--fork-block-number"],
    [["--fork-url", "REMOTE", "--timestamp", "7"], 2, "--timestamp 7"],
    [["--fork-url", "REMOTE", "--genesis", "genesis.json"], 2, "contradict"],
  ])(
    "%j ends with exit code %i",
    async (options, exitCode, words) => {
      const given = options.map((option) => (option === "REMOTE" ? remote.url : option));
      const { code, err } = await runCommand("dev", "--port", "0", ...given);
      expect([code, err]).toEqual([exitCode, expect.stringContaining(words)]);
    },
    TIMEOUT_MS,
  );
});
