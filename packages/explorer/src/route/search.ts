// From a text that somebody typed to the view that shows what is meant.
import type { Call } from "../data/rpcCaller.ts";
import type { Route } from "./route.ts";

/** What a text can mean, before any node is asked. */
export type Query =
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "snail"; readonly number: number }
  | { readonly kind: "epoch"; readonly number: number }
  | { readonly kind: "hash"; readonly hash: string }
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "unknown" };

const NUMBER = /^#?(\d[\d,]{0,17})$/;
const NAMED_NUMBER = /^(snail|epoch|committee|block)\s*#?(\d{1,15})$/i;

export function readQuery(text: string): Query {
  const trimmed = text.trim();
  const named = NAMED_NUMBER.exec(trimmed);
  if (named !== null) {
    const number = Number(named[2]);
    const word = named[1]?.toLowerCase();
    return { kind: word === "snail" ? "snail" : word === "block" ? "number" : "epoch", number };
  }
  const plain = NUMBER.exec(trimmed)?.[1]?.replaceAll(",", "");
  if (plain !== undefined && Number.isSafeInteger(Number(plain))) return { kind: "number", number: Number(plain) };
  const hex = trimmed.toLowerCase().replace(/^(?!0x)/, "0x");
  if (/^0x[0-9a-f]{64}$/.test(hex)) return { kind: "hash", hash: hex };
  if (/^0x[0-9a-f]{40}$/.test(hex)) return { kind: "address", address: hex };
  if (/^0x[0-9a-f]{1,13}$/.test(trimmed.toLowerCase())) return { kind: "number", number: Number(trimmed) };
  return { kind: "unknown" };
}

/** Where a hash can lead, in the order of how often it does. */
const HASH_READERS = [
  { method: "eth_getTransactionByHash", view: "tx" },
  { method: "eth_getBlockByHash", view: "block" },
  { method: "snail_getBlockByHash", view: "snail" },
  { method: "fruit_getByHash", view: "fruit" },
] as const;

/** The view that shows what the text means; `null` when the node knows nothing of it. */
export async function findRoute(text: string, call: Call): Promise<Route | null> {
  const query = readQuery(text);
  switch (query.kind) {
    case "number":
      return { view: "block", subject: String(query.number) };
    case "snail":
      return { view: "snail", subject: String(query.number) };
    case "epoch":
      return { view: "committee", subject: String(query.number) };
    case "address":
      return { view: "account", subject: query.address };
    case "hash": {
      const answers = await Promise.all(
        HASH_READERS.map(({ method }) =>
          call(method, method === "eth_getBlockByHash" ? [query.hash, false] : [query.hash]).catch(() => null),
        ),
      );
      const index = answers.findIndex((answer) => answer !== null && answer !== undefined);
      const reader = HASH_READERS[index];
      return reader === undefined ? null : { view: reader.view, subject: query.hash };
    }
    case "unknown":
      return null;
  }
}
