import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRpcClient } from "@festina/rpc";
import { afterAll, describe, expect, it } from "@jest/globals";
import { type DevUnderTest, startDev } from "../devUnderTest.ts";
import { runCommand } from "../runCommand.ts";

const TOKEN = `0x${"ab".repeat(20)}`;
const ALICE = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const BOB = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const DEPLOYER = "0x4e59b44847b379578588920ca78fbf26c0b4956c";
const TIMEOUT_MS = 60_000;

/** Answers with its first slot. */
const READER = "0x5f545f5260205ff3";

describe("festina dev --genesis", () => {
  const home = mkdtempSync(join(tmpdir(), "festina-genesis-"));
  const file = join(home, "genesis.json");
  const folder = join(home, "chain");
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const write = (value: unknown): void => writeFileSync(file, JSON.stringify(value));
  const asked = async ({ url }: DevUnderTest, method: string, ...params: unknown[]): Promise<unknown> =>
    createRpcClient(url).call(method, params);

  it(
    "begins with the file's accounts beside its own, and goes on in its folder",
    async () => {
      write({
        config: { chainId: 4_242, londonBlock: 0 },
        gasLimit: "0x1c9c380",
        baseFeePerGas: "0x64",
        alloc: {
          [TOKEN]: { balance: "5", nonce: "0x1", code: READER, storage: { "0x0": "0x2a" } },
          [ALICE]: { balance: "0x7" },
          [DEPLOYER]: { balance: "0x1", code: "0x00" },
        },
      });
      const dev = await startDev("--genesis", file, "--data-dir", folder);
      expect(await asked(dev, "eth_chainId")).toBe("0x1092");
      expect(await asked(dev, "eth_call", { to: TOKEN }, "latest")).toBe(`0x${"2a".padStart(64, "0")}`);
      expect(await asked(dev, "eth_getTransactionCount", TOKEN, "latest")).toBe("0x1");
      expect(await asked(dev, "eth_getBalance", TOKEN, "latest")).toBe("0x5");
      expect(await asked(dev, "eth_getBalance", ALICE, "latest")).toBe("0x7");
      expect(await asked(dev, "eth_getBalance", BOB, "latest")).toBe(`0x${(10_000n * 10n ** 18n).toString(16)}`);
      expect(await asked(dev, "eth_getCode", DEPLOYER, "latest")).toBe("0x00");
      const genesis = (await asked(dev, "eth_getBlockByNumber", "0x0", false)) as Record<string, string>;
      expect(genesis).toMatchObject({ gasLimit: "0x1c9c380", baseFeePerGas: "0x64" });
      await asked(dev, "evm_mine");
      await dev.stop();

      const again = await startDev("--genesis", file, "--data-dir", folder);
      expect(await asked(again, "eth_getBlockByNumber", "0x0", false)).toEqual(genesis);
      expect(await asked(again, "eth_blockNumber")).toBe("0x1");
      await again.stop();
    },
    TIMEOUT_MS,
  );

  it(
    "lets options say otherwise, and refuses another file for a folder that has a chain",
    async () => {
      write({ config: { chainId: 4_242 }, timestamp: 1_700_000_000, alloc: {} });
      const dev = await startDev("--genesis", file, "--chain-id", "99", "--timestamp", "1800000000", "--accounts", "1");
      expect(await asked(dev, "eth_chainId")).toBe("0x63");
      const { timestamp } = (await asked(dev, "eth_getBlockByNumber", "0x0", false)) as { timestamp: string };
      expect(Number(timestamp)).toBe(1_800_000_000);
      await dev.stop();
      const refused = await runCommand("dev", "--port", "0", "--genesis", file, "--data-dir", folder);
      expect(refused.code).toBe(1);
      expect(refused.err).toContain("made with other choices than genesis");
    },
    TIMEOUT_MS,
  );

  it.each([
    ["nothing there", null, "cannot read the genesis file"],
    ["no JSON", "{", "is not valid JSON"],
    ["no genesis", "[]", "the file"],
    [
      "an account of ours",
      `{"alloc":{"0x000000000000000000000000000000000000f001":{}}}`,
      "has a contract of its own there",
    ],
  ])("says what is wrong with a file: %s", async (_, text, message) => {
    const bad = join(home, "bad.json");
    rmSync(bad, { force: true });
    if (text !== null) writeFileSync(bad, text);
    const { code, err } = await runCommand("dev", "--port", "0", "--genesis", bad);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });
});
