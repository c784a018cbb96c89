import { createKeccakKernel } from "@festina/adapters";
import { type Address, assert, bytesToHex, EMPTY_BYTES, type Hex, hexToBytes, toHash32 } from "@festina/primitives";
import { EMPTY_ACCOUNT, EMPTY_CODE_HASH, type Engine, type EngineCall, type EngineOutcome } from "@festina/tvm";
import { addressOf, BLOCK, CALLER, CONTRACT } from "@festina/tvm/testing";
import { type ProgramWorld, WorldRun } from "./programWorld.ts";

/** One program with one input: everything that decides what a run does. Fits a file of JSON as it is. */
export interface FuzzCase {
  /** Code of the accounts that have some; the first is the one that is called. */
  readonly codes: Readonly<Record<Address, Hex>>;
  readonly input: FuzzInput;
}

export interface FuzzInput {
  /** `data` is init code, and nobody is called. */
  readonly isCreation: boolean;
  readonly data: Hex;
  readonly gasLimit: number;
  readonly valueWei: number;
  readonly isStatic: boolean;
}

export const OTHERS: readonly Address[] = [addressOf(0xd0), addressOf(0xe0)];

export const CHAIN_ID = BLOCK.chainId;
const CONTRACT_WEI = 1_000n;
const STORAGE: ReadonlyMap<bigint, bigint> = new Map([
  [1n, 7n],
  [2n, 1n << 200n],
]);
const keccak256 = createKeccakKernel();

export function createWorld(codes: Readonly<Record<Address, Uint8Array>>): ProgramWorld {
  const caller = { ...EMPTY_ACCOUNT, balanceWei: 10n ** 18n, nonce: 1n };
  const world = new Map([[CALLER, { account: caller, code: EMPTY_BYTES, storage: new Map<bigint, bigint>() }]]);
  for (const [address, code] of Object.entries(codes)) {
    const codeHash = code.length === 0 ? EMPTY_CODE_HASH : toHash32(keccak256(code));
    const account = { nonce: 1n, balanceWei: CONTRACT_WEI, codeHash };
    world.set(address as Address, { account, code, storage: new Map(STORAGE) });
  }
  return world;
}

export function callOf(input: FuzzInput): EngineCall {
  const to = input.isCreation ? null : CONTRACT;
  return {
    caller: CALLER,
    origin: CALLER,
    to,
    valueWei: BigInt(input.valueWei),
    data: hexToBytes(input.data),
    gasLimit: BigInt(input.gasLimit),
    gasPriceWei: 12n,
    isStatic: input.isStatic,
    warmAddresses: [CALLER, ...(to === null ? [] : [to]), BLOCK.coinbase],
    accessList: [],
  };
}

export interface FuzzRun {
  readonly kind: EngineOutcome["kind"];
  readonly gasUsed: number;
  /** Everything in which engines must agree but `data`: the same text for the same result. */
  readonly text: string;
  /** What it gave back and logged, as bytes: most of all there is to compare, and rarely to be read. */
  readonly data: readonly Uint8Array[];
}

export async function runCase(engine: Engine, call: EngineCall, world: ProgramWorld): Promise<FuzzRun> {
  const view = new WorldRun(world);
  const outcome = await engine.run(call, view, BLOCK);
  assert(view.openCheckpoints === 0, "an engine closes its checkpoints");
  const gasUsed = outcome.kind === "halt" ? call.gasLimit : call.gasLimit - outcome.gasLeft;
  const text = `${describeOutcome(outcome)}\n${view.describeChanges()}`;
  return { kind: outcome.kind, gasUsed: Number(gasUsed), text, data: dataOf(outcome) };
}

export function isSameRun(one: FuzzRun, other: FuzzRun): boolean {
  return (
    one.text === other.text &&
    one.data.length === other.data.length &&
    one.data.every((bytes, index) => Buffer.compare(bytes, other.data[index] as Uint8Array) === 0)
  );
}

/** Why code stopped is told in more words than the protocol knows, so a halt is a halt. */
function describeOutcome(outcome: EngineOutcome): string {
  if (outcome.kind === "halt") return "halt";
  const common = `${outcome.kind} gas ${outcome.gasLeft}`;
  if (outcome.kind === "revert") return common;
  const { gasRefund, createdAddress, selfDestructed, burnedWei } = outcome;
  const logs = outcome.logs.map(({ address, topics }) => `\nlog ${address} ${topics.join()}`);
  const destroyed = [...selfDestructed].sort().join();
  return `${common} refund ${gasRefund} created ${createdAddress} destroyed ${destroyed} burned ${burnedWei}${logs.join("")}`;
}

function dataOf(outcome: EngineOutcome): readonly Uint8Array[] {
  if (outcome.kind === "halt") return [];
  return outcome.kind === "revert" ? [outcome.output] : [outcome.output, ...outcome.logs.map(({ data }) => data)];
}

const describeRun = ({ text, data }: FuzzRun): string => [text, ...data.map(bytesToHex)].join("\n");

/** The differing texts, each engine's own; `null` when all engines agree. */
export async function differenceOf(
  fuzzCase: FuzzCase,
  engines: readonly Engine[],
): Promise<Readonly<Record<string, string>> | null> {
  const codes = Object.fromEntries(
    Object.entries(fuzzCase.codes).map(([address, code]) => [address, hexToBytes(code)]),
  );
  const world = createWorld(codes);
  const call = callOf(fuzzCase.input);
  const texts: Record<string, string> = {};
  for (const engine of engines) {
    texts[engine.name] = await runCase(engine, call, world).then(describeRun, (error) => `broke: ${String(error)}`);
  }
  return new Set(Object.values(texts)).size === 1 ? null : texts;
}
