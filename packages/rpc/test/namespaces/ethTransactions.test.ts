import { addressOfPublicKey, keccak256, recoverPublicKey } from "@festina/crypto";
import { type Address, bytesToHex, type Hex, hexToBytes, ZERO_ADDRESS } from "@festina/primitives";
import { decodeTransaction, recoverTransaction } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { NO_OVERRIDES } from "../../src/index.ts";
import { ACCOUNTS, address, CHAIN_ID, sampleTransactions, TOKEN, word } from "../../testing/fakeChain.ts";
import { createMethods } from "./methodFixture.ts";

const [ALICE, BOB] = ACCOUNTS;
/** The precompiled contract that the fake node has. */
const ID = address("04");

/** Error(string) as Solidity encodes it. */
function errorString(text: string): Uint8Array {
  const data = Buffer.from(text).toString("hex");
  const length = text.length.toString(16).padStart(64, "0");
  return hexToBytes(
    `0x08c379a0${"20".padStart(64, "0")}${length}${data.padEnd(64 * Math.ceil(data.length / 64), "0")}`,
  );
}

describe("eth_call", () => {
  it("passes on what it is told and answers the output", async () => {
    const { backend, call } = createMethods();
    const request = {
      from: BOB,
      to: TOKEN,
      input: "0xabcd",
      data: "0xabcd",
      value: "0x5",
      gas: "0x100",
      maxFeePerGas: "0x7",
      accessList: [{ address: TOKEN, storageKeys: [word("1")] }],
    };
    expect(await call("eth_call", request, "latest")).toBe("0x0102");
    expect(backend.calls).toEqual([
      {
        from: BOB,
        to: TOKEN,
        data: Uint8Array.of(0xab, 0xcd),
        valueWei: 5n,
        gas: 256n,
        gasPriceWei: 7n,
        accessList: [{ address: TOKEN, storageKeys: [word("1")] }],
        overrides: NO_OVERRIDES,
      },
    ]);
  });

  it("has defaults for everything", async () => {
    const { backend, call } = createMethods();
    await call("eth_call", { to: null, data: "0x00" });
    expect(backend.calls).toEqual([
      {
        from: ZERO_ADDRESS,
        to: null,
        data: Uint8Array.of(0),
        valueWei: 0n,
        gas: null,
        gasPriceWei: 0n,
        accessList: [],
        overrides: NO_OVERRIDES,
      },
    ]);
  });

  it("takes an empty text for empty data", async () => {
    const { backend, call } = createMethods();
    await call("eth_call", { to: TOKEN, data: "" });
    await call("eth_call", { to: TOKEN, data: "", input: null });
    expect(backend.calls.map(({ data }) => data.length)).toEqual([0, 0]);
    await expect(call("eth_call", { to: TOKEN, data: "", input: "0x01" })).rejects.toMatchObject({ code: -32602 });
  });

  it("lets nobody in particular have enough for a value", async () => {
    const { backend, call } = createMethods();
    const balances = async (...params: unknown[]): Promise<unknown> => {
      await call("eth_estimateGas", ...params);
      return backend.calls.at(-1)?.overrides.accounts.get(ZERO_ADDRESS)?.balanceWei;
    };
    const overrides = { [ZERO_ADDRESS]: { balance: "0x2" } };
    expect(await balances({ to: TOKEN, value: "0x1" })).toBe(1n << 192n);
    expect(await balances({ to: TOKEN, value: "0x1" }, "latest", overrides)).toBe(2n);
    expect(await balances({ to: TOKEN, value: "0x1", from: ZERO_ADDRESS })).toBe(1n << 192n);
    expect(await balances({ to: TOKEN, value: "0x1", from: ALICE })).toBeUndefined();
    expect(await balances({ to: TOKEN })).toBeUndefined();
  });

  it("reports reverts as geth does, with data and reason", async () => {
    const { backend, call } = createMethods();
    const revertWith = (output: Uint8Array): Promise<unknown> => {
      backend.callOutcome = { kind: "revert", output, gasUsed: 1n };
      return call("eth_call", { to: TOKEN });
    };
    await expect(revertWith(errorString("not yours"))).rejects.toMatchObject({
      code: 3,
      message: "execution reverted: not yours",
      data: bytesToHex(errorString("not yours")),
    });
    await expect(revertWith(hexToBytes(`0x4e487b71${"11".padStart(64, "0")}`))).rejects.toMatchObject({
      message: "execution reverted: arithmetic underflow or overflow",
    });
    await expect(revertWith(hexToBytes(`0x4e487b71${"77".padStart(64, "0")}`))).rejects.toMatchObject({
      message: "execution reverted: unknown panic code: 0x77",
    });
    for (const output of [new Uint8Array(0), Uint8Array.of(1, 2, 3, 4), errorString("cut short").subarray(0, 70)]) {
      await expect(revertWith(output)).rejects.toMatchObject({
        code: 3,
        message: "execution reverted",
        data: bytesToHex(output),
      });
    }
  });

  it("reports halts and refusals", async () => {
    const { backend, call } = createMethods();
    backend.callOutcome = { kind: "halt", reason: "out of gas", gasUsed: 1n };
    await expect(call("eth_call", { to: TOKEN })).rejects.toMatchObject({ code: -32000, message: "out of gas" });
    const error = { code: "TX_INSUFFICIENT_BALANCE", message: "has 1 wei, needs 2" };
    backend.callOutcome = { kind: "refused", error };
    await expect(call("eth_estimateGas", { to: TOKEN })).rejects.toMatchObject({
      code: -32000,
      message: "insufficient funds for gas * price + value: has 1 wei, needs 2",
      data: { code: "TX_INSUFFICIENT_BALANCE" },
    });
  });

  it.each<[string, unknown[], string]>([
    ["no transaction", [], "transaction"],
    ["a list", [[]], "transaction"],
    ["a sender that is none", [{ from: "0x1" }], "from"],
    ["a target that is none", [{ to: "vitalik.eth" }], "to"],
    ["data of half a byte", [{ data: "0x123" }], "input"],
    ["data and input that differ", [{ data: "0x12", input: "0x34" }], 'both "data"'],
    ["a value below zero", [{ value: -1 }], "value"],
    ["a value above 256 bits", [{ value: `0x1${"0".repeat(64)}` }], "value"],
    ["an access list that is none", [{ accessList: {} }], "accessList"],
    ["an access list of nothing", [{ accessList: [null] }], "accessList\\[0\\].address"],
    ["overrides of no account", [{}, "latest", { "0x1": {} }], "address"],
    ["overrides that are a list", [{}, "latest", []], "stateOverrides"],
    ["an account that is none", [{}, "latest", { [TOKEN]: 5 }], "account"],
    ["a balance that is none", [{}, "latest", { [TOKEN]: { balance: "much" } }], "balance"],
    ["a slot of too many bytes", [{}, "latest", { [TOKEN]: { state: { [`0x${"1".repeat(65)}`]: "0x1" } } }], "slot"],
    ["a word of too many bytes", [{}, "latest", { [TOKEN]: { stateDiff: { "0x1": `0x${"1".repeat(65)}` } } }], "value"],
    ["state and stateDiff", [{}, "latest", { [TOKEN]: { state: {}, stateDiff: {} } }], "account"],
    ["a precompile that moves nowhere", [{}, "latest", { [ID]: { movePrecompileToAddress: 5 } }], "movePrecompileToA"],
    ["overrides of what no block has", [{}, "latest", {}, { beaconRoot: word("1") }], "blockOverrides.beaconRoot"],
    ["a price of blobs", [{}, "latest", {}, { blobBaseFee: "0x2" }], "blobBaseFee"],
    ["withdrawals", [{}, "latest", {}, { withdrawals: [{}] }], "withdrawals"],
    ["a block's number beyond all numbers", [{}, "latest", {}, { number: `0x${"f".repeat(20)}` }], "number"],
    ["a fee recipient that is none", [{}, "latest", {}, { feeRecipient: "me" }], "feeRecipient"],
  ])("refuses %s", async (_, params, name) => {
    await expect(createMethods().call("eth_call", ...params)).rejects.toMatchObject({
      code: -32602,
      message: expect.stringMatching(new RegExp(`^${name}`)),
    });
  });

  it("moves precompiled contracts only, each to a place of its own", async () => {
    const { backend, call } = createMethods();
    const refused = (state: object): Promise<unknown> => call("eth_call", {}, "latest", state).catch((error) => error);
    const to = (target: string): object => ({ movePrecompileToAddress: target });
    expect(await refused({ [TOKEN]: to(BOB) })).toMatchObject({
      code: -32000,
      message: `account ${TOKEN} is not a precompile`,
    });
    expect(await refused({ [ID]: to(ID) })).toMatchObject({ code: -38022 });
    expect(await refused({ [ID]: to(BOB), [BOB]: {} })).toMatchObject({ code: -32000 });
    const rules = backend.machineRules();
    backend.machineRules = () => ({ ...rules, precompiles: { ID, TWO: BOB as Address } });
    expect(await refused({ [ID]: to(TOKEN), [BOB]: to(TOKEN) })).toMatchObject({ code: -38023 });
    await call("eth_call", {}, "latest", { [ID]: to(TOKEN) });
    expect(backend.calls.at(-1)?.overrides.accounts.get(ID)).toEqual({ movePrecompileTo: TOKEN });
  });

  it.each(["eth_call", "eth_estimateGas", "eth_createAccessList"])("%s passes overrides on", async (method) => {
    const { backend, call } = createMethods();
    const state = { [TOKEN]: { nonce: "0x2", balance: "0x3", code: "0x00", stateDiff: { "0x1": word("2") } } };
    const block = { number: "0x10", time: "0x20", gasLimit: "0x30", feeRecipient: BOB, prevRandao: word("4") };
    await call(method, {}, "latest", { ...state, [BOB]: { state: {} } }, { ...block, baseFeePerGas: "0x0" });
    const [request] = backend.calls;
    expect(request?.overrides.accounts).toEqual(
      new Map([
        [
          TOKEN,
          {
            ...{ nonce: 2n, balanceWei: 3n, code: Uint8Array.of(0) },
            storage: { isWhole: false, slots: new Map([[1n, 2n]]) },
          },
        ],
        [BOB, { storage: { isWhole: true, slots: new Map() } }],
      ]),
    );
    expect(request?.overrides.block).toEqual({
      ...{ number: 16, timestamp: 32, gasLimit: 48n, coinbase: BOB, prevRandao: word("4"), baseFeePerGasWei: 0n },
    });
  });

  it("needs a block whose state is there", async () => {
    await expect(createMethods().call("eth_call", {}, "0x9")).rejects.toMatchObject({ code: -32000 });
  });
});

describe("eth_createAccessList", () => {
  it("answers list and gas, and why the code fails if it does", async () => {
    const { backend, call } = createMethods();
    const accessList = [{ address: TOKEN, storageKeys: [word("1")] }];
    backend.accessListOutcome = { kind: "found", accessList, gasUsed: 26_000n, failure: null };
    expect(await call("eth_createAccessList", { to: TOKEN })).toEqual({ accessList, gasUsed: "0x6590" });
    backend.accessListOutcome = { kind: "found", accessList: [], gasUsed: 21_000n, failure: "execution reverted" };
    expect(await call("eth_createAccessList", { to: TOKEN })).toEqual({
      ...{ accessList: [], gasUsed: "0x5208", error: "execution reverted" },
    });
    backend.accessListOutcome = { kind: "refused", error: { code: "TRACE_LIMIT", message: "execution timeout" } };
    await expect(call("eth_createAccessList", { to: TOKEN })).rejects.toMatchObject({
      ...{ code: -32000, data: { code: "TRACE_LIMIT" } },
    });
  });
});

describe("sending", () => {
  it("hands the bytes over and answers the hash", async () => {
    const { backend, call } = createMethods();
    const { sponsored } = sampleTransactions();
    expect(await call("eth_sendRawTransaction", bytesToHex(sponsored.encoded))).toBe(sponsored.hash);
    expect(backend.submitted).toEqual([sponsored.encoded]);
  });

  it.each([
    ["POOL_NONCE_TOO_LOW", "nonce too low: why"],
    ["POOL_NONCE_TOO_HIGH", "nonce too high: why"],
    ["POOL_FULL", "txpool is full: why"],
    ["POOL_SENDER_FULL", "account limit exceeded: why"],
    ["POOL_DELEGATED_FULL", "in-flight transaction limit reached for delegated accounts: why"],
    ["POOL_UNPROTECTED", "only replay-protected (EIP-155) transactions allowed over RPC: why"],
    ["POOL_KNOWN", "already known: why"],
    ["POOL_REPLACEMENT_UNDERPRICED", "replacement transaction underpriced: why"],
    ["TX_EXPIRED", "why"],
  ])("answers %s in words that wallets know", async (code, message) => {
    const { backend, call } = createMethods();
    backend.submitAnswer = { code, message: "why" };
    await expect(call("eth_sendRawTransaction", bytesToHex(sampleTransactions().legacy.encoded))).rejects.toMatchObject(
      { code: -32000, message, data: { code, have: "1" } },
    );
  });

  it("refuses garbage with a code", async () => {
    const { call } = createMethods();
    await expect(call("eth_sendRawTransaction", "0x02c0")).rejects.toMatchObject({
      code: -32000,
      data: { code: expect.stringMatching(/^[A-Z_]+$/) },
    });
    for (const value of [undefined, 5, "02c0", "0x0"]) {
      await expect(call("eth_sendRawTransaction", value)).rejects.toMatchObject({ code: -32602 });
    }
  });

  it("fills and signs for development accounts", async () => {
    const { backend, call } = createMethods();
    const hash = await call("eth_sendTransaction", { from: ALICE, to: BOB, value: "0x9", chainId: "0x539" });
    const decoded = decodeTransaction(backend.submitted[0]!);
    if (!decoded.ok) throw new Error(decoded.error.message);
    expect(decoded.value).toMatchObject({
      hash,
      type: 2,
      chainId: CHAIN_ID,
      nonce: 7n,
      gasLimit: 23_456n,
      valueWei: 9n,
      to: BOB,
      maxPriorityFeePerGasWei: 1_000_000_000n,
      maxFeePerGasWei: 3_000_000_000n,
    });
    expect(recoverTransaction(decoded.value, recoverPublicKey)).toMatchObject({ ok: true, value: { sender: ALICE } });
  });

  it("keeps to what the caller sets", async () => {
    const { backend, call } = createMethods();
    await call("eth_sendTransaction", { from: ALICE, data: "0x6000", gas: "0x9000", gasPrice: "0x77", nonce: "0x1" });
    await call("eth_sendTransaction", { from: ALICE, to: BOB, gas: "0x9000", maxFeePerGas: "0x5" });
    const [first, second] = backend.submitted.map((encoded) => decodeTransaction(encoded));
    expect(first).toMatchObject({ value: { type: 0, to: null, gasLimit: 0x9000n, maxFeePerGasWei: 0x77n, nonce: 1n } });
    expect(second).toMatchObject({ value: { type: 2, maxFeePerGasWei: 5n, maxPriorityFeePerGasWei: 5n } });
    expect(backend.calls).toEqual([]);
  });

  it.each<[string, object, number]>([
    ["for accounts of others", { from: address("99"), to: BOB }, -32000],
    ["for nobody", { to: BOB }, -32000],
    ["for another chain", { from: ALICE, to: BOB, chainId: "0x1" }, -32000],
    ["for nobody without anything to deploy", { from: ALICE }, -32000],
    ["with two kinds of prices", { from: ALICE, to: BOB, gasPrice: "0x5", maxFeePerGas: "0x5" }, -32000],
    ["authorizations", { from: ALICE, to: BOB, authorizationList: [] }, -32602],
  ])("does not sign %s", async (_, fields, code) => {
    const { backend, call } = createMethods();
    await expect(call("eth_sendTransaction", fields)).rejects.toMatchObject({ code });
    expect(backend.submitted).toEqual([]);
  });

  it("does not send what cannot be estimated", async () => {
    const { backend, call } = createMethods();
    backend.callOutcome = { kind: "revert", output: errorString("no"), gasUsed: 1n };
    await expect(call("eth_sendTransaction", { from: ALICE, to: TOKEN })).rejects.toMatchObject({
      code: 3,
      message: "execution reverted: no",
    });
    expect(backend.submitted).toEqual([]);
  });
});

describe("transactions that are not sent", () => {
  it("are signed, or only filled in", async () => {
    const { backend, call } = createMethods();
    const fields = { from: ALICE, to: BOB, value: "0x2", gas: "0x5208" };
    const { raw, tx } = (await call("eth_signTransaction", fields)) as { raw: Hex; tx: Record<string, string> };
    expect(decodeTransaction(hexToBytes(raw))).toMatchObject({ value: { to: BOB, valueWei: 2n, hash: tx["hash"] } });
    expect(tx).toMatchObject({ from: ALICE, to: BOB, nonce: "0x7", type: "0x2", blockHash: null });
    expect(await call("eth_fillTransaction", { ...fields, nonce: "0x9" })).toMatchObject({
      tx: { from: ALICE, nonce: "0x9", gas: "0x5208", type: "0x2", r: "0x0", s: "0x0" },
    });
    const stranger = { from: address("99"), to: BOB };
    expect(await call("eth_fillTransaction", stranger)).toMatchObject({ tx: { from: address("99") } });
    await expect(call("eth_signTransaction", stranger)).rejects.toMatchObject({ code: -32000 });
    for (const type of ["0x3", "0x5", "0x54", "0x76", "0xffffffffffffffffff"])
      await expect(call("eth_signTransaction", { ...fields, type })).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining(type),
      });
    expect(backend.submitted).toEqual([]);
  });

  it("carry authorizations that others have signed", async () => {
    const { call } = createMethods();
    const authorization = { chainId: "0x539", address: TOKEN, nonce: "0x0", yParity: "0x1", r: "0x2", s: "0x3" };
    const fields = { from: ALICE, to: BOB, authorizationList: [authorization] };
    expect(await call("eth_signTransaction", fields)).toMatchObject({
      tx: { type: "0x4", authorizationList: [authorization] },
    });
    for (const changes of [{ yParity: "0x2" }, { nonce: "0x10000000000000000" }, { address: "0x" }, { r: null }])
      await expect(
        call("eth_signTransaction", { ...fields, authorizationList: [{ ...authorization, ...changes }] }),
      ).rejects.toMatchObject({ code: -32602 });
    await expect(call("eth_signTransaction", { ...fields, gasPrice: "0x1" })).rejects.toMatchObject({ code: -32602 });
  });
});

describe("signing messages", () => {
  it("follows EIP-191, whichever way round", async () => {
    const { call } = createMethods();
    const signed = (await call("eth_sign", ALICE, "0x6869")) as string;
    expect(await call("personal_sign", "0x6869", ALICE)).toBe(signed);
    const bytes = hexToBytes(signed);
    const hash = keccak256(Buffer.from("\x19Ethereum Signed Message:\n2hi"));
    const key = recoverPublicKey(hash, bytes.subarray(0, 64), (bytes[64] as number) - 27);
    expect(key && addressOfPublicKey(key)).toBe(ALICE);
    await expect(call("eth_sign", address("99"), "0x6869")).rejects.toMatchObject({ code: -32000 });
  });
});
