import { bytesToHex, type Prng } from "@festina/primitives";
import type { RpcClient } from "@festina/rpc";
import { mutateBytes } from "./mutate.ts";

/** What no node answers, and what a careless look-up takes for a method. */
const UNKNOWN_METHODS = ["eth_", "eth_getWork", "personal_unlockAccount", "toString", "__proto__", "constructor"];

/** Every method that the node says it has, subscriptions and controls included. */
export async function describedMethods(client: RpcClient): Promise<readonly string[]> {
  const { methods } = await client.call<{ readonly methods: readonly { readonly name: string }[] }>("rpc.discover");
  return methods.map(({ name }) => name);
}

const ADDRESS = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const HASH = `0x${"ab".repeat(32)}`;

/** Values that a careless reader of parameters takes for something else. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  "",
  "0x",
  "0x0",
  "0x1",
  "0xzz",
  "0x00",
  "0xffffffffffffffff",
  `0x${"f".repeat(64)}`,
  `0x${"f".repeat(4_000)}`,
  "latest",
  "pending",
  "earliest",
  "finalized",
  "newHeads",
  "logs",
  "__proto__",
  "\u0000\ud800",
  ADDRESS,
  HASH,
  [],
  [[[[]]]],
  {},
];

const KEYS =
  "from to gas gasPrice maxFeePerGas value data input nonce accessList fromBlock toBlock address topics blockStateCalls calls stateOverrides blockOverrides validation tracer fromAddress count balance code state stateDiff movePrecompileToAddress timestamp blocks forking".split(
    " ",
  );

function pick<T>(prng: Prng, list: readonly T[]): T {
  return list[prng.below(list.length)] as T;
}

function strangeValue(prng: Prng, depth = 0): unknown {
  const roll = prng.below(10);
  if (roll === 0 && depth < 3) return Array.from({ length: prng.below(4) }, () => strangeValue(prng, depth + 1));
  if (roll <= 2 && depth < 3) {
    const entries = Array.from({ length: 1 + prng.below(5) }, () => [pick(prng, KEYS), strangeValue(prng, depth + 1)]);
    return Object.fromEntries(entries);
  }
  if (roll === 3) return bytesToHex(prng.bytes(prng.below(80)));
  return pick(prng, STRANGE);
}

/** They make as many blocks as they are told, up to a million, and every other control waits for that. */
const MAKES_BLOCKS = /_mine$/;
/** What such a method takes for a number below 2^32. */
const COUNT = /^(?:0x[0-9a-f]{1,8}|\d{1,9})$/i;
const BLOCKS_MAX = 16;

/** The same with all counts small. */
function withFewBlocks(value: unknown): unknown {
  if (typeof value === "string" && COUNT.test(value)) return `0x${(Number(value) % BLOCKS_MAX).toString(16)}`;
  if (Array.isArray(value)) return value.map(withFewBlocks);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withFewBlocks(field)]));
}

/** A request whose method and parameters are known. */
function bounded(whole: Record<string, unknown>): Record<string, unknown> {
  const { method, params } = whole;
  if (typeof method !== "string" || !MAKES_BLOCKS.test(method) || params === undefined) return whole;
  return { ...whole, params: withFewBlocks(params) };
}

function request(prng: Prng, methods: readonly string[]): Record<string, unknown> {
  const params = Array.from({ length: prng.below(5) }, () => strangeValue(prng));
  return bounded({ jsonrpc: "2.0", id: 1 + prng.below(1_000), method: pick(prng, methods), params });
}

/** Requests with one part of the envelope wrong. */
function damagedRequest(prng: Prng, methods: readonly string[]): unknown {
  const whole = request(prng, methods);
  const name = pick(prng, Object.keys(whole));
  if (prng.below(3) > 0) return bounded({ ...whole, [name]: strangeValue(prng) });
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name));
}

const encoder = new TextEncoder();

/** One message for the RPC port: noise, damaged JSON, damaged envelopes, strange parameters, batches of those. */
export function createRpcGarbage(prng: Prng, described: readonly string[]): Uint8Array {
  const methods = [...described, ...UNKNOWN_METHODS];
  const text = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));
  switch (prng.below(8)) {
    case 0:
      return prng.bytes(prng.below(300));
    case 1:
      return mutateBytes(prng, text(request(prng, methods)));
    case 2:
      return text(damagedRequest(prng, methods));
    case 3:
      return text(strangeValue(prng));
    case 4:
      return text(Array.from({ length: prng.below(8) }, () => damagedRequest(prng, methods)));
    default:
      return text(request(prng, methods));
  }
}
