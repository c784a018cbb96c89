import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Contract, ContractFactory, JsonRpcProvider } from "ethers";
import { createTestClient, defineChain, http, parseEther, publicActions, walletActions } from "viem";
import { compileToken } from "./compileToken.ts";
import { type DevProcess, startDevProcess } from "./devProcess.ts";

// The command as contract developers run it, by the clients they use.

describe("festina dev", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-dev-"));
  let dev: DevProcess;
  const hex = (text: string): `0x${string}` => text as `0x${string}`;

  beforeAll(async () => {
    dev = await startDevProcess(["--dump-state", join(folder, "state.json")]);
  }, 60_000);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function viemClient(url: string) {
    const nativeCurrency = { name: "Festina", symbol: "FST", decimals: 18 };
    const chain = defineChain({ id: 31_337, name: "dev", nativeCurrency, rpcUrls: { default: { http: [url] } } });
    return createTestClient({ chain, mode: "hardhat", transport: http() }).extend(publicActions).extend(walletActions);
  }

  it("has the accounts that every tool knows, on chain 31337", async () => {
    const client = viemClient(dev.url);
    const accounts = await client.getAddresses();
    expect(accounts).toHaveLength(10);
    expect(accounts[0]?.toLowerCase()).toBe("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    expect(await client.getBalance({ address: hex(accounts[9] as string) })).toBe(parseEther("10000"));
    expect(await client.getChainId()).toBe(31_337);
  });

  it("viem's test actions do what they say", async () => {
    const client = viemClient(dev.url);
    const [sender] = (await client.getAddresses()) as [`0x${string}`];
    const stranger = hex(`0x${"5a".repeat(20)}`);
    const id = await client.snapshot();
    await client.setBalance({ address: stranger, value: parseEther("3") });
    await client.setNonce({ address: stranger, nonce: 4 });
    await client.impersonateAccount({ address: stranger });
    const hash = await client.sendTransaction({ account: stranger, to: sender, value: 1n });
    expect(await client.getTransactionReceipt({ hash })).toMatchObject({ status: "success", from: stranger });
    expect(await client.getTransaction({ hash })).toMatchObject({ nonce: 4 });
    const before = await client.getBlock();
    await client.increaseTime({ seconds: 420 });
    await client.mine({ blocks: 3, interval: 10 });
    const after = await client.getBlock();
    expect(after.number - before.number).toBe(3n);
    expect(Number(after.timestamp - before.timestamp)).toBeGreaterThanOrEqual(440);
    await client.revert({ id });
    expect(await client.getBalance({ address: stranger })).toBe(0n);
    await client.stopImpersonatingAccount({ address: stranger });
  });

  it("ethers deploys and calls, each send with its receipt at once", async () => {
    const provider = new JsonRpcProvider(dev.url, 31_337, { staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1 });
    try {
      const signer = await provider.getSigner(0);
      const { abi, bytecode } = compileToken();
      const created = await new ContractFactory(abi, bytecode, signer).deploy("Dev", 1_000n);
      const address = await created.getAddress();
      const token = new Contract(address, abi, signer);
      const sent = await token.getFunction("transfer")(`0x${"77".repeat(20)}`, 5n);
      expect(await provider.getTransactionReceipt(sent.hash)).toMatchObject({ status: 1 });
      expect(await token.getFunction("balanceOf")(`0x${"77".repeat(20)}`)).toBe(5n);
      await expect(token.getFunction("transfer")(`0x${"77".repeat(20)}`, 5_000n)).rejects.toThrow("revert");
    } finally {
      provider.destroy();
    }
  }, 60_000);

  it("begins with the accounts of a state that anvil saved, and leaves that file beside its own", async () => {
    const file = join(folder, "anvil.json");
    const account = { nonce: 1, balance: "0x64", code: "0x602a5f5260205ff3", storage: {} };
    const accounts = { [`0x${"c0".repeat(20)}`]: account };
    const saved = JSON.stringify({
      block: { number: "0x3", timestamp: "0x1" },
      accounts,
      blocks: [{}],
      transactions: [],
    });
    writeFileSync(file, saved);
    const loaded = await startDevProcess(["--state", file]);
    const { data } = await viemClient(loaded.url).call({ to: hex(`0x${"c0".repeat(20)}`) });
    expect(BigInt(data ?? "0x")).toBe(42n);
    expect(loaded.output()).toContain("1 block and 0 transactions cannot become ours");
    expect(await loaded.stop()).toBe(0);
    expect(readFileSync(`${file}.anvil`, "utf8")).toBe(saved);
    const again = await startDevProcess(["--state", file]);
    expect(await viemClient(again.url).getBalance({ address: hex(`0x${"c0".repeat(20)}`) })).toBe(100n);
    expect(again.output()).not.toContain("cannot become ours");
    await again.stop();
    for (const text of ["{", '{"accounts":{"0x12":{}}}', '{"accounts":[]}']) {
      writeFileSync(file, text);
      await expect(startDevProcess(["--load-state", file])).rejects.toThrow("DUMP_INVALID");
    }
  }, 60_000);

  it("goes on with what was dumped when it ended, in a new process and in a folder", async () => {
    const client = viemClient(dev.url);
    const block = await client.getBlock();
    expect(await dev.stop()).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, "state.json"), "utf8"))).toMatchObject({ version: 1 });
    const loaded = await startDevProcess(["--load-state", join(folder, "state.json")]);
    try {
      expect(await viemClient(loaded.url).getBlock()).toEqual(block);
    } finally {
      await loaded.stop();
    }
    const dataDir = ["--data-dir", join(folder, "chain")];
    const kept = await startDevProcess(dataDir);
    await viemClient(kept.url).setBalance({ address: hex(`0x${"5b".repeat(20)}`), value: 9n });
    const head = await viemClient(kept.url).getBlock();
    await kept.stop();
    const again = await startDevProcess(dataDir);
    try {
      expect(await viemClient(again.url).getBlock()).toEqual(head);
      expect(await viemClient(again.url).getBalance({ address: hex(`0x${"5b".repeat(20)}`) })).toBe(9n);
    } finally {
      await again.stop();
    }
  }, 60_000);
});
