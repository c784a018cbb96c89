import { keccakHash, recoverPublicKey } from "@festina/crypto";
import { type Address, bytesToBigint, concatBytes, EMPTY_BYTES, type Hash32, hexToBytes } from "@festina/primitives";
import {
  type BlockContext,
  type Engine,
  EngineFaultError,
  encodeDelegation,
  estimateGas,
  executeTransaction,
  PRECOMPILE_ADDRESSES,
  type StateView,
  simulateCall,
  systemCall,
} from "@festina/tvm";
import { MemoryStateView } from "@festina/tvm/testing";
import { signTransaction, type TransactionFields } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { createInterpreterEngine, createReferenceEngine } from "../../src/index.ts";

const KEY = new Uint8Array(32).fill(7);
const address = (byte: string): Address => `0x${byte.repeat(20)}` as Address;
const hash = (byte: string): Hash32 => `0x${byte.repeat(32)}` as Hash32;
const CONTRACT = address("c0");
const OTHER = address("d0");
const COINBASE = address("33");
const POT = address("22");
const ENGINES: readonly (readonly [string, Engine])[] = [
  ["reference", createReferenceEngine({ chainId: 1337n })],
  ["interpreter", createInterpreterEngine()],
];

const BLOCK: BlockContext = {
  number: 300,
  timestamp: 1_000,
  gasLimit: 30_000_000n,
  baseFeePerGasWei: 10n,
  coinbase: COINBASE,
  prevRandao: hash("ab"),
  chainId: 1337n,
  getBlockHash: (number) => keccakHash(Uint8Array.of(number & 0xff)),
};

const transaction = (fields: Partial<TransactionFields> = {}) =>
  signTransaction(
    {
      ...{ type: 2, chainId: 1337n, nonce: 0n, maxFeePerGasWei: 12n, maxPriorityFeePerGasWei: 2n, valueWei: 0n },
      ...{
        gasLimit: 1_000_000n,
        to: CONTRACT,
        data: EMPTY_BYTES,
        accessList: [],
        authorizations: [],
        sponsorship: null,
      },
      ...fields,
    },
    KEY,
  );

const SENDER = transaction().sender;
const code = (...parts: string[]): Uint8Array => hexToBytes(`0x${parts.join("")}`);
const push20 = (target: Address): string => `73${target.slice(2)}`;
/** Stores the word on the stack to memory and returns it. */
const RETURN_TOP = "60005260206000f3";

function viewWith(accounts: Readonly<Record<Address, Uint8Array>> = {}): MemoryStateView {
  const view = new MemoryStateView();
  view.plant(SENDER, { balanceWei: 10n ** 18n });
  for (const [account, bytes] of Object.entries(accounts)) view.plant(account as Address, { nonce: 1n, code: bytes });
  return view;
}

describe("an engine", () => {
  it.each([() => createReferenceEngine({ chainId: 1337n }), () => createInterpreterEngine()])(
    "prepared beforehand answers as it does when its first run has to load it",
    async (create) => {
      const [fresh, prepared] = [create(), create()];
      await prepared.prepare?.();
      const outcomes = await Promise.all(
        [fresh, prepared, prepared].map((engine) => {
          const view = viewWith({ [CONTRACT]: code("602a", RETURN_TOP) });
          const input = { transaction: transaction(), view, block: BLOCK, recoverPublicKey, feePot: POT };
          return executeTransaction({ ...input, engine });
        }),
      );
      expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome, (_, value) => String(value)))).size).toBe(1);
    },
  );
});

describe.each(ENGINES)("the %s engine", (_engineName, engine) => {
  async function execute(view: StateView, fields: Partial<TransactionFields> = {}) {
    const input = { transaction: transaction(fields), view, block: BLOCK, engine, recoverPublicKey, feePot: POT };
    const result = await executeTransaction(input);
    if (!result.ok) throw new Error(result.error.code);
    return result.value;
  }

  /** What a contract of these instructions returns. */
  async function wordOf(...parts: string[]): Promise<bigint> {
    const outcome = await execute(viewWith({ [CONTRACT]: code(...parts, RETURN_TOP) }));
    expect(outcome.failure).toBeNull();
    return bytesToBigint(outcome.output);
  }

  describe("what contracts see", () => {
    it.each<[string, string, bigint]>([
      ["CHAINID", "46", 1337n],
      ["NUMBER", "43", 300n],
      ["TIMESTAMP", "42", 1_000n],
      ["COINBASE", "41", BigInt(COINBASE)],
      ["PREVRANDAO, the beacon", "44", BigInt(hash("ab"))],
      ["BASEFEE", "48", 10n],
      ["GASLIMIT", "45", 30_000_000n],
      ["GASPRICE", "3a", 12n],
      ["ORIGIN", "32", BigInt(SENDER)],
      ["BLOBBASEFEE: the least, there are no blobs", "4a", 1n],
      ["BLOBHASH: none", "600049", 0n],
      ["BLOCKHASH of the parent", "61012b40", BigInt(keccakHash(Uint8Array.of(299 & 0xff)))],
      ["BLOCKHASH out of reach", "602b40", 0n],
      ["flaw 22: PUSH0 of Shanghai", "5f", 0n],
      ["flaw 22: CLZ of Osaka", "60011e", 255n],
    ])("%s", async (_name, instructions, expected) => {
      expect(await wordOf(instructions)).toBe(expected);
    });

    it("flaw 22: every precompile up to P-256 is there and warm, the coinbase too; others are cold (EIP-2929)", async () => {
      const cost = async (target: string): Promise<bigint> => wordOf("5a", target, "3150", "5a", "90", "03");
      const warm = await cost(push20(COINBASE));
      const cold = await cost(push20(OTHER));
      expect(cold - warm).toBe(2_500n);
      for (const precompile of PRECOMPILE_ADDRESSES) expect(await cost(push20(precompile))).toBe(warm);
      expect(PRECOMPILE_ADDRESSES).toHaveLength(18);
    });

    it("flaw 21: a static call writes nowhere, whatever it calls", async () => {
      const staticCall = (target: Address): string => `5f5f5f5f${push20(target)}5afa`;
      const writer = code("60016001", "55");
      for (const target of [OTHER, ...PRECOMPILE_ADDRESSES.slice(1, 4)]) {
        const view = viewWith({ [CONTRACT]: code(staticCall(target), RETURN_TOP), [OTHER]: writer });
        const outcome = await execute(view);
        expect(bytesToBigint(outcome.output)).toBe(target === OTHER ? 0n : 1n);
        expect(view.slots(OTHER).size).toBe(0);
      }
    });
  });

  describe("what contracts do", () => {
    it("creates, stores, logs, and gives refunds", async () => {
      const view = viewWith({ [CONTRACT]: code("5f5f55", "602a5f5260aa60205fa1") });
      view.putStorage(CONTRACT, 0n, 7n);
      const outcome = await execute(view);
      expect(view.getStorage(CONTRACT, 0n)).toBe(0n);
      expect(outcome.logs).toEqual([
        {
          address: CONTRACT,
          topics: [`0x${"aa".padStart(64, "0")}`],
          data: concatBytes(new Uint8Array(31), Uint8Array.of(42)),
        },
      ]);
      const withoutRefund = await execute(viewWith({ [CONTRACT]: code("60015f55", "602a5f5260aa60205fa1") }));
      expect(outcome.gasUsed).toBeLessThan(withoutRefund.gasUsed);

      const created = await execute(view, { to: null, nonce: 1n, data: code("60015f5360015ff3") });
      expect(created.succeeded).toBe(true);
      expect(view.getCode(created.createdAddress as Address)).toEqual(Uint8Array.of(1));
    });

    it("tells a revert from a halt", async () => {
      const reverted = await execute(viewWith({ [CONTRACT]: code("602a5f5260205ffd") }));
      expect(reverted.failure?.kind).toBe("revert");
      expect(bytesToBigint(reverted.output)).toBe(42n);
      const halted = await execute(viewWith({ [CONTRACT]: code("fe") }));
      expect([halted.failure, halted.gasUsed]).toEqual([{ kind: "halt", reason: "INVALID_OPCODE" }, 1_000_000n]);
      const jumped = await execute(viewWith({ [CONTRACT]: code("600756") }));
      expect(jumped.failure).toEqual({ kind: "halt", reason: "INVALID_JUMP" });
    });

    it("reports exactly what self-destruction burns", async () => {
      const view = viewWith();
      const supply = view.totalBalanceWei;
      // Init code that names itself as beneficiary: created and destroyed in one transaction, its value gone.
      const outcome = await execute(view, { to: null, data: code("30ff"), valueWei: 500n });
      expect(outcome.burned.selfDestructWei).toBe(500n);
      expect(view.getAccount(outcome.createdAddress as Address)).toBeNull();
      expect(view.totalBalanceWei + outcome.burned.baseFeeWei + 500n).toBe(supply);
      // An older contract that does the same keeps its balance (EIP-6780).
      const older = viewWith({ [CONTRACT]: code("30ff") });
      const kept = await execute(older, { valueWei: 500n });
      expect(kept.burned.selfDestructWei).toBe(0n);
      expect(older.getAccount(CONTRACT)?.balanceWei).toBe(500n);
    });

    it("runs the code a delegation names", async () => {
      const view = viewWith({ [CONTRACT]: code("30", RETURN_TOP), [OTHER]: encodeDelegation(CONTRACT) });
      const outcome = await execute(view, { to: OTHER });
      expect(bytesToBigint(outcome.output)).toBe(BigInt(OTHER));
    });

    it("forgets transient storage with the transaction", async () => {
      const view = viewWith({ [CONTRACT]: code("5f5c", "60015f5d", RETURN_TOP) });
      for (const nonce of [0n, 1n]) expect(bytesToBigint((await execute(view, { nonce })).output)).toBe(0n);
    });

    it("does not create over storage (EIP-7610)", async () => {
      const view = viewWith();
      const target = (await execute(viewWith(), { to: null })).createdAddress as Address;
      view.plant(target, { balanceWei: 1n, storage: new Map([[1n, 1n]]) });
      const outcome = await execute(view, { to: null });
      expect(outcome.failure).toEqual({ kind: "halt", reason: "CREATE_COLLISION" });
      expect(view.getStorage(target, 1n)).toBe(1n);
    });
  });

  describe("who has almost all that a word holds", () => {
    const MOST = (1n << 256n) - 1n;
    const rich = (target: Address, ...contract: string[]): MemoryStateView => {
      const view = viewWith({ [CONTRACT]: code(...contract) });
      view.plant(target, { balanceWei: MOST });
      return view;
    };
    const balance = (view: StateView, target: Address): bigint => view.getAccount(target)?.balanceWei ?? 0n;

    it("gets nothing from a transaction: it fails, and the value stays with its sender", async () => {
      const view = rich(OTHER);
      const before = balance(view, SENDER);
      const { failure, gasUsed } = await execute(view, { to: OTHER, valueWei: 5n });
      expect(failure).toEqual({ kind: "halt", reason: "BALANCE_OVERFLOW" });
      expect([balance(view, OTHER), before - balance(view, SENDER)]).toEqual([MOST, gasUsed * 12n]);
    });

    it("gets nothing from a contract: the call fails, and the value stays", async () => {
      const view = rich(OTHER, `5f5f5f5f6005${push20(OTHER)}61fffff1`, RETURN_TOP);
      const { failure, output } = await execute(view, { valueWei: 7n });
      expect([failure, bytesToBigint(output)]).toEqual([null, 0n]);
      expect([balance(view, OTHER), balance(view, CONTRACT)]).toEqual([MOST, 7n]);
    });

    it("is not created upon with value", async () => {
      const target = (await execute(viewWith(), { to: null })).createdAddress as Address;
      const view = rich(target);
      const { failure } = await execute(view, { to: null, valueWei: 5n });
      expect(failure).toEqual({ kind: "halt", reason: "BALANCE_OVERFLOW" });
      expect([balance(view, target), view.getAccount(target)?.nonce]).toEqual([MOST, 0n]);
      expect((await execute(view, { to: null, nonce: 1n })).failure).toBeNull();
    });

    it("may be sent as much as there is room for, and nothing", async () => {
      const view = rich(OTHER);
      view.plant(OTHER, { balanceWei: MOST - 5n });
      expect((await execute(view, { to: OTHER, valueWei: 5n })).failure).toBeNull();
      expect(balance(view, OTHER)).toBe(MOST);
      expect((await execute(view, { to: OTHER, nonce: 1n })).failure).toBeNull();
    });

    it("keeps it as fee pot and as buyer of gas", async () => {
      const view = rich(POT);
      view.plant(SENDER, { balanceWei: MOST });
      await execute(view);
      expect([balance(view, POT), balance(view, SENDER) < MOST]).toEqual([MOST, true]);
    });
  });

  describe("the engine as a whole", () => {
    /** Fails at the first storage read, in the middle of a nested call. */
    class BrokenView extends MemoryStateView {
      override getStorage(): bigint {
        throw new TypeError("storage is gone");
      }
    }

    it("rejects when something breaks inside, with the view as it was, and works on", async () => {
      const view = new BrokenView();
      view.plant(SENDER, { balanceWei: 10n ** 18n });
      view.plant(CONTRACT, { nonce: 1n, code: code(`5f5f5f5f5f${push20(OTHER)}5af1`) });
      view.plant(OTHER, { nonce: 1n, code: code("5f54"), storage: new Map([[0n, 1n]]) });
      const before = view.snapshot();
      await expect(execute(view)).rejects.toThrow(EngineFaultError);
      expect([view.openCheckpoints, view.snapshot()]).toEqual([0, before]);
      expect(await wordOf("602a")).toBe(42n);
    });

    it("runs overlapping calls on views of their own", async () => {
      const numbers = Array.from({ length: 12 }, (_, i) => i);
      const words = await Promise.all(numbers.map((i) => wordOf(`60${i.toString(16).padStart(2, "0")}5f555f54`)));
      expect(words).toEqual(numbers.map(BigInt));
    });

    it("answers calls, estimates and system calls", async () => {
      // Without call data it calls itself with one byte, which stores; if that fails it reverts.
      const view = viewWith({
        [CONTRACT]: code("36601257", "5f5f60015f5f305af1", "15601857", "00", "5b60015f5500", "5b5f5ffd"),
      });
      const call = {
        from: SENDER,
        to: CONTRACT,
        data: EMPTY_BYTES,
        valueWei: 0n,
        gasPriceWei: 0n,
        gasLimit: 10n ** 7n,
      };
      const input = {
        call: { ...call, accessList: [], authorizations: [] },
        view,
        block: BLOCK,
        engine,
        recoverPublicKey,
      };
      const before = view.snapshot();
      const simulated = await simulateCall(input);
      expect(simulated.ok && simulated.value.succeeded).toBe(true);
      const estimated = await estimateGas(input);
      if (!estimated.ok || estimated.value.kind !== "enough") throw new Error("no estimate");
      expect(view.snapshot()).toEqual(before);
      const { gasLimit } = estimated.value;
      const tooLittle = await execute(view, { gasLimit: (gasLimit * 98n) / 100n });
      expect(tooLittle.succeeded).toBe(false);
      const enough = await execute(view, { nonce: 1n, gasLimit });
      expect([enough.succeeded, view.getStorage(CONTRACT, 0n)]).toEqual([true, 1n]);

      const stored = viewWith({ [CONTRACT]: code("33", "5f55") });
      const outcome = await systemCall({ to: CONTRACT, data: EMPTY_BYTES, view: stored, block: BLOCK, engine });
      expect(outcome.kind).toBe("success");
      expect(stored.getStorage(CONTRACT, 0n)).toBe(BigInt(`0x${"f".repeat(39)}e`));
      expect(stored.addresses()).not.toContain(`0x${"f".repeat(39)}e`);
    });
  });
});

describe("the interpreter", () => {
  it("does not destruct a contract in favour of who could not hold its balance", async () => {
    const most = (1n << 256n) - 1n;
    const view = viewWith({ [CONTRACT]: code(push20(OTHER), "ff") });
    view.plant(OTHER, { balanceWei: most });
    const input = { transaction: transaction({ valueWei: 5n }), view, block: BLOCK, recoverPublicKey, feePot: POT };
    const outcome = await executeTransaction({ ...input, engine: createInterpreterEngine() });
    expect(outcome).toMatchObject({ ok: true, value: { failure: { kind: "halt", reason: "BALANCE_OVERFLOW" } } });
    expect([view.getAccount(OTHER)?.balanceWei, view.getAccount(CONTRACT)?.balanceWei]).toEqual([most, 0n]);
  });
});
