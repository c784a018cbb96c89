// From a text that somebody typed to the view that shows what is meant.
import type { Call } from "../data/rpcCaller.ts";
import type { Route, View } from "./route.ts";
import { isAddress, isHash, TAGS } from "./subject.ts";

/** What a text can mean, before any node is asked. */
export type Query =
  | { readonly kind: "route"; readonly route: Route }
  /** Of something that has to be asked for. */
  | { readonly kind: "hash"; readonly hash: string }
  /** Perhaps the name of a token. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "unknown" };

/** With separators only between groups of three: 1.5 is no number of a block. */
const NUMBER = /^#?(\d{1,18}|\d{1,3}(?:[,._' ]\d{3}){1,5})$/;
const NAME_MAX = 64;

/** Words that may stand before a number, a hash or an address, and the view that each means. */
const WORDS: Readonly<Record<string, View>> = {
  account: "account",
  address: "account",
  block: "block",
  committee: "committee",
  contract: "contract",
  epoch: "committee",
  fruit: "fruit",
  miner: "miners",
  snail: "snail",
  "snail block": "snail",
  token: "token",
  transaction: "tx",
  tx: "tx",
  validator: "validator",
};
const NUMBERED: ReadonlySet<View> = new Set(["block", "committee", "snail"]);
const HASHED: ReadonlySet<View> = new Set(["block", "fruit", "snail", "tx"]);
const ADDRESSED: ReadonlySet<View> = new Set(["account", "contract", "miners", "token", "validator"]);

/** Decimal with or without separators, or hex that is too short for an address; `null` for anything else. */
function readInteger(text: string): number | null {
  const plain = NUMBER.exec(text)?.[1]?.replace(/\D/g, "");
  const number = plain === undefined ? (/^0x[0-9a-f]{1,13}$/.test(text) ? Number(text) : null) : Number(plain);
  return number !== null && Number.isSafeInteger(number) ? number : null;
}

const route = (view: View, subject: string | number): Query => ({
  kind: "route",
  route: { view, subject: String(subject) },
});

function readWorded(view: View, text: string): Query | null {
  const number = readInteger(text);
  if (number !== null && NUMBERED.has(view)) return route(view, number);
  if (view === "block" && TAGS.includes(text)) return route(view, text);
  const hex = text.replace(/^(?!0x)/, "0x");
  if (isHash(hex) && HASHED.has(view)) return route(view, hex);
  if (isAddress(hex) && ADDRESSED.has(view)) return route(view, hex);
  return view === "token" ? { kind: "name", name: text.slice(0, NAME_MAX) } : null;
}

export function readQuery(text: string): Query {
  const trimmed = text.trim().replace(/\s+/g, " ");
  const lower = trimmed.toLowerCase();
  const [, word = "", rest = ""] = /^([a-z]+(?: block)?) ?[#:]? ?(.+)$/.exec(lower) ?? [];
  const view = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  const worded = view === undefined ? null : readWorded(view, rest);
  if (worded !== null) return worded;
  const number = readInteger(lower);
  if (number !== null) return route("block", number);
  if (TAGS.includes(lower)) return route("block", lower);
  const hex = lower.replace(/^(?!0x)/, "0x");
  if (isHash(hex)) return { kind: "hash", hash: hex };
  if (isAddress(hex)) return route("account", hex);
  const isName = trimmed !== "" && trimmed.length <= NAME_MAX && !lower.startsWith("0x") && !/^[\d\W]+$/.test(lower);
  return isName ? { kind: "name", name: trimmed } : { kind: "unknown" };
}

/** Where a hash can lead, in the order of how often it does. */
const HASH_READERS = [
  { method: "eth_getTransactionByHash", view: "tx" },
  { method: "eth_getBlockByHash", view: "block" },
  { method: "snail_getBlockByHash", view: "snail" },
  { method: "fruit_getByHash", view: "fruit" },
] as const;

/** The view of what has that hash; `null` when the node knows nothing of it. */
export async function findHash(hash: string, call: Call): Promise<Route | null> {
  const answers = await Promise.all(
    HASH_READERS.map(({ method }) =>
      call(method, method === "eth_getBlockByHash" ? [hash, false] : [hash]).catch(() => null),
    ),
  );
  const index = answers.findIndex((answer) => answer !== null && answer !== undefined);
  const reader = HASH_READERS[index];
  return reader === undefined ? null : { view: reader.view, subject: hash };
}
