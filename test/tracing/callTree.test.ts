// A tree of calls of every kind. What is expected was recorded from revm (in anvil), with geth's words for errors.
import { loadTracingEngine } from "@festina/adapters";
import { type Address, type Hash32, type Hex, hexToBytes, ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import {
  CallTracer,
  type ExecutionTracer,
  type PrestateOptions,
  PrestateTracer,
  StructLogger,
  simulateCall,
} from "@festina/tvm";
import { MemoryStateView } from "@festina/tvm/testing";
import { describe, expect, it } from "@jest/globals";

const addressOf = (byte: string): Address => `0x${byte.repeat(20)}` as Address;
const [FROM, TOP, REVERTER, LOGGER] = [addressOf("ca"), addressOf("c0"), addressOf("d0"), addressOf("e0")];
const IDENTITY = `0x${"4".padStart(40, "0")}` as Address;
const CREATED = "0x3be81c45a890ffe09e821eae38f4721b543abf40";
const GAS = 400_000n;

/** Four bytes of input, no output, the result dropped. */
const call = (opcode: string, to: Address, gas: string, value = ""): string =>
  `6000600060046000${value === "" ? "" : `60${value}`}73${to.slice(2)}61${gas}${opcode}50`;
const CODES: Readonly<Record<Address, Hex>> = {
  [TOP]: `0x${[
    call("f1", REVERTER, "5000", "05"),
    call("fa", IDENTITY, "1000"),
    call("f4", LOGGER, "5000"),
    call("fa", LOGGER, "2000"),
    call("f1", REVERTER, "1000", "ff"),
    // CREATE of one byte of init code, STOP, with 1 wei; SSTORE and SLOAD of slot 0; LOG0; SELFDESTRUCT
    "600160006001f050",
    "6103ff60005560005450",
    "60006000a0",
    `73${FROM.slice(2)}ff`,
  ].join("")}`,
  [REVERTER]: "0x60006000fd",
  [LOGGER]: ("0x6077600260" + "00a100") as Hex,
};

const tracing = await loadTracingEngine();

async function run(
  tracer: ExecutionTracer,
  codes: Readonly<Record<Address, Hex>> = CODES,
  onRun?: (view: MemoryStateView) => void,
) {
  const view = new MemoryStateView();
  view.plant(FROM, { balanceWei: 10n ** 18n });
  for (const [address, code] of Object.entries(codes))
    view.plant(address as Address, {
      nonce: 1n,
      balanceWei: 100n,
      code: hexToBytes(code),
      storage: new Map([[1n, 5n]]),
    });
  const traced = tracing.on(tracer);
  const result = await simulateCall({
    call: {
      ...{ from: FROM, to: TOP, data: hexToBytes("0x01020304"), valueWei: 0n, gasLimit: GAS, gasPriceWei: 0n },
      ...{ accessList: [], authorizations: [] },
    },
    view,
    block: {
      ...{ number: 1, timestamp: 1, gasLimit: 30_000_000n, baseFeePerGasWei: 0n, coinbase: ZERO_ADDRESS, chainId: 1n },
      ...{ prevRandao: ZERO_HASH, getBlockHash: (): Hash32 => ZERO_HASH },
    },
    engine: {
      name: traced.name,
      run: async (engineCall, state, block) => {
        const outcome = await traced.run(engineCall, state, block);
        onRun?.(view);
        return outcome;
      },
    },
    recoverPublicKey: () => null,
  });
  if (!result.ok) throw new Error(result.error.message);
  return { view, result: result.value };
}

const INPUT = { from: TOP, input: "0x00000000" };
const topicOf = (digits: string): string => `0x${digits.padStart(64, "0")}`;
const CALLS = [
  { ...INPUT, type: "CALL", to: REVERTER, value: "0x5", gas: "0x58fc", gasUsed: "0x6", error: "execution reverted" },
  { ...INPUT, type: "STATICCALL", to: IDENTITY, gas: "0x1000", gasUsed: "0x12", output: "0x00000000" },
  { ...INPUT, type: "DELEGATECALL", to: LOGGER, value: "0x0", gas: "0x5000", gasUsed: "0x30a" },
  { ...INPUT, type: "STATICCALL", to: LOGGER, gas: "0x2000", gasUsed: "0x2000", error: "write protection" },
  {
    ...{ ...INPUT, type: "CALL", to: REVERTER, value: "0xff", gas: "0x18fc", gasUsed: "0x0" },
    error: "insufficient balance for transfer",
  },
  { from: TOP, type: "CREATE", to: CREATED, value: "0x1", gas: "0x4ca53", gasUsed: "0x0", input: "0x00" },
  { from: TOP, type: "SELFDESTRUCT", to: FROM, value: "0x63", gas: "0x0", gasUsed: "0x0", input: "0x" },
];
const TOP_CALL = {
  ...{ type: "CALL", from: FROM, to: TOP, value: "0x0", input: "0x01020304" },
  ...{ gas: "0x61a80", gasUsed: "0x1a883" },
};

describe("call tracer", () => {
  const trace = async (options: { onlyTopCall: boolean; withLogs: boolean }, codes = CODES) => {
    const tracer = new CallTracer(options);
    const { result } = await run(tracer, codes);
    return tracer.result({ gasLimit: GAS, gasUsed: result.gasUsed });
  };

  it("tells every call with its gas, and how it ended", async () => {
    expect(await trace({ onlyTopCall: false, withLogs: false })).toEqual({ ...TOP_CALL, calls: CALLS });
  });

  it("tells logs in the calls that made them, but for those that a failure took back", async () => {
    const found = await trace({ onlyTopCall: false, withLogs: true });
    const logged = { address: TOP, topics: [topicOf("77")], data: "0x0000", position: "0x0" };
    const calls = CALLS.map((frame, index) => (index === 2 ? { ...frame, logs: [logged] } : frame));
    expect(found).toEqual({ ...TOP_CALL, calls, logs: [{ address: TOP, topics: [], data: "0x", position: "0x6" }] });
    const failing = { ...CODES, [TOP]: `${CODES[TOP]?.slice(0, -44)}fe` as Hex };
    const failed = await trace({ onlyTopCall: false, withLogs: true }, failing);
    expect(failed).toMatchObject({ error: "invalid opcode: INVALID" });
    expect(JSON.stringify(failed)).not.toContain("topics");
  });

  it("tells the top call alone when asked to", async () => {
    const own = { address: TOP, topics: [], data: "0x", position: "0x0" };
    expect(await trace({ onlyTopCall: true, withLogs: true })).toEqual({ ...TOP_CALL, logs: [own] });
  });

  it.each([
    ["0x50", "stack underflow (0 <=> 1)"],
    ["0x5b5f600056", "stack limit reached 1024 (1023)"],
    ["0x600156", "invalid jump destination"],
    ["0x0c", "invalid opcode: opcode 0xc not defined"],
    ["0x6001600060003e", "return data out of bounds"],
    ["0x63ffffffff51", "out of gas"],
    ["0x5b600056", "out of gas"],
    ["0x60016000f3", null],
    ["0x", null],
  ])("%s ends with %j", async (code, error) => {
    const found = await trace({ onlyTopCall: false, withLogs: false }, { [TOP]: code as Hex });
    expect(found?.error ?? null).toBe(error);
  });
});

describe("struct logger", () => {
  const trace = async (code: Hex, options = {}) => {
    const plain = { withMemory: false, withStack: false, withStorage: false, withReturnData: false, limit: 0 };
    const logger = new StructLogger({ ...plain, ...options });
    await run(logger, { [TOP]: code });
    return logger;
  };

  it("tells the instruction that could not begin with its price and why", async () => {
    const last = async (code: Hex) => (await trace(code)).logs.at(-1);
    expect(await last("0x50")).toMatchObject({ op: "POP", gasCost: 2, error: "stack underflow (0 <=> 1)" });
    // 32,769 words of memory.
    expect(await last("0x63000fffff51")).toMatchObject({ op: "MLOAD", gasCost: 2_195_590, error: "out of gas" });
    expect(await last("0x600156")).toEqual({ pc: 2, op: "JUMP", gas: 378_933, gasCost: 8, depth: 1 });
  });

  it("tells slots that were read and written, memory and stack only when asked", async () => {
    // SLOAD 1, SSTORE 2 <- 3, MSTORE
    const code = "0x60015450600360025560016000525a00";
    const { logs } = await trace(code, { withStorage: true });
    const slot = (digits: string): string => digits.padStart(64, "0");
    expect(logs.map(({ storage }) => storage).filter((storage) => storage !== undefined)).toEqual([
      { [slot("1")]: slot("5") },
      { [slot("1")]: slot("5"), [slot("2")]: slot("3") },
    ]);
    expect(logs.some(({ stack, memory }) => stack !== undefined || memory !== undefined)).toBe(false);
    const all = (await trace(code, { withMemory: true, withStack: true })).logs;
    expect(all.at(-1)).toMatchObject({
      op: "STOP",
      memory: [slot("1")],
      stack: [expect.stringMatching(/^0x[0-9a-f]+$/)],
    });
    expect((await trace(code, { limit: 3 })).logs).toHaveLength(3);
  });

  it("stops recording when a trace becomes too large", async () => {
    // A loop over memory of 64 KiB.
    const large = await trace("0x61ffff515b600456", { withMemory: true });
    expect(large.isTooLarge).toBe(true);
    expect(large.logs.length).toBeLessThan(400);
    expect((await trace("0x5b600056")).isTooLarge).toBe(false);
  });
});

describe("prestate tracer", () => {
  const trace = async (options: Partial<PrestateOptions> = {}) => {
    const tracer = new PrestateTracer({ diffMode: false, withCode: true, withStorage: true, ...options }, [FROM]);
    const after: ReturnType<PrestateTracer["snapshot"]>[] = [];
    const { view } = await run(tracer, CODES, (state) => void after.push(tracer.snapshot(state)));
    return tracer.result(tracer.snapshot(view), after[0] ?? new Map());
  };

  it("tells everything that was looked at, as it was before", async () => {
    const account = (address: Address) => ({ balance: "0x64", nonce: 1, code: CODES[address] });
    expect(await trace()).toEqual({
      [FROM]: { balance: "0xde0b6b3a7640000" },
      [TOP]: { ...account(TOP), storage: { [topicOf("0")]: topicOf("0") } },
      [REVERTER]: account(REVERTER),
      [LOGGER]: account(LOGGER),
      [IDENTITY]: { balance: "0x0" },
    });
    expect(await trace({ withCode: false, withStorage: false })).toMatchObject({
      [TOP]: { balance: "0x64", nonce: 1 },
    });
  });

  it("tells what changed, before and after", async () => {
    expect(await trace({ diffMode: true, withCode: false })).toEqual({
      pre: { [FROM]: { balance: "0xde0b6b3a7640000" }, [TOP]: { balance: "0x64", nonce: 1 } },
      post: {
        [FROM]: { balance: "0xde0b6b3a7640063", nonce: 1 },
        [TOP]: { balance: "0x0", nonce: 2, storage: { [topicOf("0")]: topicOf("3ff") } },
        [CREATED]: { balance: "0x1", nonce: 1 },
      },
    });
  });

  it("says when it is too much", async () => {
    const tracer = new PrestateTracer({ diffMode: false, withCode: true, withStorage: true }, []);
    // JUMPDEST GAS BALANCE POP PUSH0 JUMP: the account of each number that is left
    await run(tracer, { [TOP]: "0x5b5a31505f56" });
    expect(tracer.isTooLarge).toBe(false);
    // JUMPDEST GAS SLOAD POP PUSH0 JUMP
    const slots = new PrestateTracer({ diffMode: false, withCode: true, withStorage: true }, []);
    await run(slots, { [TOP]: "0x5b5a54505f56" });
    expect(slots.isTooLarge).toBe(false);
    expect(slots.sizeBytes).toBeGreaterThan(20_000);
    const many = Array.from({ length: 1_001 }, (_, index) => `0x${index.toString(16).padStart(40, "0")}` as Address);
    expect(new PrestateTracer({ diffMode: false, withCode: true, withStorage: true }, many).isTooLarge).toBe(true);
  });
});
