// What suites written for other nodes send, and by what words they know why it was not taken.
import { keccakHash } from "@festina/crypto";
import { hexToBytes } from "@festina/primitives";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { accounts, alice, bob, carol, devSpec, type RunningDev, startDev } from "./devFixture.ts";

const STRANGER = `0x${"dd".repeat(20)}`;
const WEI = "0x3b9aca00";

interface Sent {
  readonly hash: string;
  readonly type: string;
  readonly from: string;
  readonly nonce: string;
  readonly accessList?: unknown[];
}

describe("sending on a development chain", () => {
  let dev: RunningDev;
  beforeAll(async () => {
    dev = await startDev();
  });
  afterAll(() => dev.stop());
  const sent = async (fields: object): Promise<Sent> =>
    dev.call("eth_getTransactionByHash", await dev.call("eth_sendTransaction", fields));
  const refused = (fields: object): Promise<unknown> =>
    dev.call("eth_sendTransaction", fields).then(
      () => "taken",
      (error: unknown) => error,
    );

  it("is in the first account's name when no other is named", async () => {
    expect(await sent({ to: bob, value: "0x1" })).toMatchObject({ from: alice });
    expect(await dev.call("eth_requestAccounts")).toEqual(accounts.map(({ address }) => address));
    expect(await refused({ from: STRANGER, to: bob })).toMatchObject({
      code: -32000,
      message: expect.stringMatching(/^unknown account: No Signer available/),
    });
  });

  it("has the type that its fields call for", async () => {
    const accessList = [{ address: bob, storageKeys: [`0x${"0".repeat(64)}`] }];
    expect(await sent({ to: bob, gasPrice: WEI, accessList })).toMatchObject({ type: "0x1", accessList });
    expect(await sent({ to: bob, gasPrice: WEI, type: "0x1" })).toMatchObject({ type: "0x1", accessList: [] });
    expect(await sent({ to: bob, gasPrice: WEI, type: "0x0" })).toMatchObject({ type: "0x0" });
    expect(await sent({ to: bob, maxFeePerGas: WEI, accessList })).toMatchObject({ type: "0x2", accessList });
  });

  it("is refused below the base fee, and leaves nothing behind that later ones would wait for", async () => {
    const nonce = await dev.call("eth_getTransactionCount", carol, "pending");
    expect(await refused({ from: carol, to: bob, gas: "0x5208", maxFeePerGas: "0x1" })).toMatchObject({
      code: -32000,
      message: expect.stringMatching(/^max fee per gas less than block base fee/),
    });
    const fees = { maxFeePerGas: WEI, maxPriorityFeePerGas: "0x3b9aca01" };
    expect(await refused({ from: carol, to: bob, ...fees })).toMatchObject({
      message: expect.stringMatching(/^max priority fee per gas higher than max fee per gas/),
    });
    expect(await dev.call("txpool_status")).toEqual({ pending: "0x0", queued: "0x0" });
    const taken = await sent({ from: carol, to: bob });
    expect(taken.nonce).toBe(nonce);
    expect(await dev.call("eth_getTransactionReceipt", taken.hash)).toMatchObject({ status: "0x1" });
    // By request it is somebody else's matter when.
    await dev.call("evm_setAutomine", false);
    const waiting = await dev.call("eth_sendTransaction", { from: carol, to: bob, gas: "0x5208", maxFeePerGas: "0x8" });
    expect(await dev.call("eth_pendingTransactions")).toMatchObject([{ hash: waiting, blockNumber: null }]);
    // At that price it cannot be in the next block; this one can.
    const next = await dev.call("eth_sendTransaction", { from: bob, to: carol });
    expect(await dev.call("eth_getBlockByNumber", "pending", false)).toMatchObject({ transactions: [next] });
    expect(await dev.call("anvil_removePoolTransactions", bob)).toBeNull();
    expect(await dev.call("anvil_removePoolTransactions", carol)).toBeNull();
    expect(await dev.call("eth_pendingTransactions")).toEqual([]);
    // No block ever costs so little.
    expect(await refused({ from: carol, to: bob, gas: "0x5208", maxFeePerGas: "0x1" })).toMatchObject({
      message: expect.stringMatching(/^max fee per gas less than block base fee/),
    });
    expect(await dev.call("eth_pendingTransactions")).toEqual([]);
    await dev.call("evm_setAutomine", true);
  });

  it("costs nothing from then on where the base fee was set to nothing", async () => {
    await dev.call("hardhat_setNextBlockBaseFeePerGas", "0x0");
    expect(await dev.call("eth_getBlockByNumber", "pending", false)).toMatchObject({ baseFeePerGas: "0x0" });
    for (const _ of [1, 2, 3]) {
      const free = await sent({ from: bob, to: carol, gas: "0x5208", gasPrice: "0x0" });
      expect(await dev.call("eth_getTransactionReceipt", free.hash)).toMatchObject({ effectiveGasPrice: "0x0" });
    }
    await dev.call("hardhat_setNextBlockBaseFeePerGas", WEI);
    expect(await refused({ from: bob, to: carol, gasPrice: "0x1" })).toMatchObject({
      message: expect.stringMatching(/1 of 1000000000 wei/),
    });
    await sent({ from: bob, to: carol });
  });

  it("may be in nobody's name but a signature's that was made up for every chain", async () => {
    // Who has this signature over this creation is nobody; so the contract comes to the same address everywhere.
    const [signer, factory] = [
      "0x3fab184622dc19b6109349b94811493bf2a45362",
      "0x4e59b44847b379578588920ca78fbf26c0b4956c",
    ];
    const runtime =
      "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";
    const half = "2".repeat(64);
    const raw = `0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe${runtime}1ba0${half}a0${half}`;
    await dev.call("hardhat_setCode", factory, "0x");
    await dev.call("hardhat_setNonce", factory, "0x0");
    expect(await dev.call("eth_sendRawTransaction", raw).catch((error: Error) => error.message)).toMatch(
      /^insufficient funds/,
    );
    await dev.call("hardhat_setBalance", signer, "0xde0b6b3a7640000");
    const hash = await dev.call("eth_sendRawTransaction", raw);
    expect(await dev.call("eth_getTransactionReceipt", hash)).toMatchObject({
      status: "0x1",
      contractAddress: factory,
    });
    expect(await dev.call("eth_getCode", factory)).toBe(`0x${runtime}`);
  });

  it("is refused in the words that wallets look for", async () => {
    const raw = async (fields: object): Promise<unknown> => {
      const signed = await dev.call<{ raw: string }>("eth_signTransaction", { from: alice, to: bob, ...fields });
      return dev.call("eth_sendRawTransaction", signed.raw).catch((error: Error) => error.message);
    };
    expect(await raw({ gas: "0x1c9c381" })).toMatch(/^exceeds block gas limit/);
    expect(await raw({ gas: "0x1c9c380" })).toMatch(/^transaction gas limit too high/);
    expect(await raw({ gas: "0x5207" })).toMatch(/^intrinsic gas too low/);
    expect(await raw({ nonce: "0x0" })).toMatch(/^nonce too low/);
    const other = await startDev({ spec: devSpec({ chainId: 5n }) });
    const elsewhere = await other.call<{ raw: string }>("eth_signTransaction", { from: alice, to: bob });
    await other.stop();
    await expect(dev.call("eth_sendRawTransaction", elsewhere.raw)).rejects.toThrow(/^invalid chain id for signer/);
    await expect(dev.call("eth_call", { data: "0x600456" })).rejects.toThrow(/^invalid jump destination$/);
    await expect(dev.call("eth_estimateGas", { data: "0x5b5f56" })).rejects.toThrow(
      /^gas required exceeds allowance \(16777216\)$/,
    );
  });

  it("is answered with the receipt where that is asked for", async () => {
    const receipt = await dev.call<Sent>("eth_sendTransactionSync", { from: bob, to: alice, value: "0x1" });
    expect(receipt).toMatchObject({ status: "0x1", from: bob, to: alice });
    const { raw } = await dev.call<{ raw: string }>("eth_signTransaction", { from: bob, to: alice, gas: "0x5208" });
    const again = await dev.call<{ transactionHash: string }>("eth_sendRawTransactionSync", raw, 5_000);
    expect(again).toMatchObject({ status: "0x1", from: bob });
    expect(await dev.call("eth_getRawTransactionByHash", again.transactionHash)).toBe(raw);
    await dev.call("evm_setAutomine", false);
    const waiting = dev.call("eth_sendTransactionSync", { from: bob, to: alice }, 10);
    await expect(waiting).rejects.toMatchObject({ code: 4, data: expect.stringMatching(/^0x[0-9a-f]{64}$/) });
    const mined = dev.call("eth_sendTransactionSync", { from: bob, to: alice });
    await dev.call("evm_mine");
    await dev.call("evm_mine");
    expect(await mined).toMatchObject({ status: "0x1" });
    await dev.call("evm_setAutomine", true);
    for (const timeout of ["soon", -1, {}])
      await expect(dev.call("eth_sendRawTransactionSync", raw, timeout)).rejects.toMatchObject({ code: -32602 });
  });

  it("in anybody's name is for the developer", async () => {
    await dev.call("hardhat_setBalance", STRANGER, "0xde0b6b3a7640000");
    await dev.call("evm_setAccountNonce", STRANGER, "0x7");
    const hash = await dev.call("eth_sendUnsignedTransaction", { from: STRANGER, to: bob, value: "0x1" });
    expect(await dev.call("eth_getTransactionReceipt", hash)).toMatchObject({ from: STRANGER, status: "0x1" });
    expect(await dev.call("eth_getTransactionBySenderAndNonce", STRANGER, "0x7")).toMatchObject({ hash });
    expect(await dev.call("eth_getTransactionBySenderAndNonce", STRANGER, "0x8")).toBeNull();
    for (const family of ["anvil", "hardhat"])
      await expect(dev.call(`${family}_setMinGasPrice`, "0x1")).rejects.toThrow(
        /not supported when EIP-1559 is active/,
      );
  });

  it("in a contract's name may wait for a block like any other's", async () => {
    const contract = `0x${"c0".repeat(20)}`;
    await dev.call("hardhat_setBalance", contract, "0xde0b6b3a7640000");
    await dev.call("hardhat_setCode", contract, "0x00");
    await dev.call("hardhat_impersonateAccount", contract);
    await dev.call("evm_setAutomine", false);
    const hashes = [await dev.call("eth_sendTransaction", { from: contract, to: bob, value: "0x1" })];
    hashes.push(await dev.call("eth_sendTransaction", { from: contract, to: bob, value: "0x2" }));
    await dev.call("evm_setAutomine", true);
    await dev.call("evm_mine");
    const [first, second] = await Promise.all(
      hashes.map((hash) => dev.call<{ blockHash: string }>("eth_getTransactionReceipt", hash)),
    );
    expect(first).toMatchObject({ from: contract, status: "0x1" });
    expect(second).toMatchObject({ from: contract, status: "0x1", blockHash: first?.blockHash });
  });

  it("creates contracts at the same address as on every other chain", async () => {
    const deployer = "0x4e59b44847b379578588920ca78fbf26c0b4956c";
    // Init code that leaves STOP, and salt 0.
    const data = `0x${"00".repeat(32)}60015ff3`;
    const made = await dev.call<string>("eth_call", { to: deployer, data });
    const hash = await dev.call("eth_sendTransaction", { from: alice, to: deployer, data });
    expect(await dev.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
    const salted = `ff${deployer.slice(2)}${"00".repeat(32)}${keccakHash(hexToBytes("0x60015ff3")).slice(2)}`;
    expect(made).toBe(`0x${keccakHash(hexToBytes(`0x${salted}`)).slice(-40)}`);
    expect(await dev.call("eth_getCode", made, "latest")).toBe("0x00");
  });

  it("can be read again byte by byte, and headers by themselves", async () => {
    const { hash } = await sent({ from: bob, to: alice });
    const { blockNumber, blockHash } = await dev.call<Record<string, string>>("eth_getTransactionReceipt", hash);
    const raw = await dev.call("eth_getRawTransactionByHash", hash);
    expect(raw).toMatch(/^0x02/);
    expect(await dev.call("eth_getRawTransactionByBlockNumberAndIndex", blockNumber, "0x0")).toBe(raw);
    expect(await dev.call("eth_getRawTransactionByBlockHashAndIndex", blockHash, "0x0")).toBe(raw);
    expect(await dev.call("eth_getRawTransactionByBlockHashAndIndex", blockHash, "0x1")).toBeNull();
    const header = await dev.call<object>("eth_getHeaderByNumber", blockNumber);
    expect(header).toMatchObject({ hash: blockHash, number: blockNumber });
    expect(header).not.toHaveProperty("transactions");
    expect(await dev.call("eth_getHeaderByHash", blockHash)).toEqual(header);
    expect(await dev.call("eth_getHeaderByNumber", "0x9999")).toBeNull();
    expect(await dev.call("eth_getRawTransactionByHash", `0x${"ab".repeat(32)}`)).toBeNull();
    const typed = {
      types: { EIP712Domain: [{ name: "name", type: "string" }], Vote: [{ name: "for", type: "uint256" }] },
      ...{ primaryType: "Vote", domain: { name: "x" }, message: { for: 1 } },
    };
    expect(await dev.call("eth_signTypedData_v3", alice, typed)).toBe(
      await dev.call("eth_signTypedData_v4", alice, JSON.stringify(typed)),
    );
  });
});
