import { createRpcClient } from "@festina/rpc";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type DevProcess, startDevProcess } from "./devProcess.ts";
import { forgeScript, forgeTest } from "./foundry.ts";

// Foundry against a chain that goes on from another one.

const ALICE_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const RECEIVER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const READER = "0x0000000000000000000000000000000000004ead";
/** Answers with its first slot. */
const READER_CODE = "0x5f545f5260205ff3";

describe("a fork", () => {
  let remote: DevProcess;
  let fork: DevProcess;

  beforeAll(async () => {
    remote = await startDevProcess();
    const { call } = createRpcClient(remote.url);
    await call("hardhat_setCode", [READER, READER_CODE]);
    await call("hardhat_setStorageAt", [READER, "0x0", `0x${"2a".padStart(64, "0")}`]);
    fork = await startDevProcess(["--fork-url", remote.url, "--chain-id", "4321"]);
  }, 60_000);

  afterAll(async () => {
    expect([await fork.stop(), await remote.stop()]).toEqual([0, 0]);
  }, 60_000);

  it("has forge script send to it, and forge test go on from it in turn", async () => {
    const env = { SECRET_KEY: ALICE_KEY, RECEIVER, READER };
    const { transactions, receipts } = await forgeScript({ url: fork.url, chainId: 4_321, env });
    expect(receipts.map(({ status, blockNumber }) => [status, blockNumber])).toEqual([
      ["0x1", "0x3"],
      ["0x1", "0x4"],
    ]);
    const TOKEN = transactions[0]?.contractAddress ?? "";
    expect(await forgeTest(fork.url, "OnForkTest", { ...env, TOKEN })).toContain("2 passed; 0 failed");
    expect(await createRpcClient(remote.url).call("eth_blockNumber")).toBe("0x2");
  }, 120_000);
});
