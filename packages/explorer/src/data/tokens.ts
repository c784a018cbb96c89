// Tokens by what they say of themselves, and who holds them by the transfers of recent blocks.
import { bytesToHex, hexToBytes } from "@festina/primitives";
import { decodeAbi } from "../abi/decodeAbi.ts";
import { encodeAbi } from "../abi/encodeAbi.ts";
import { OTHER_ABI, TOKEN_ABI } from "../abi/knownAbis.ts";
import { readNumber } from "../format/readQuantity.ts";
import type { LogAnswer } from "./answers.ts";
import type { Call } from "./rpcCaller.ts";

export interface Token {
  readonly address: string;
  /** Amounts of one thing (ERC-20), or things each of its own (ERC-721). */
  readonly kind: "amounts" | "things";
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  /** `null` where the contract does not count its things. */
  readonly supply: bigint | null;
}

export interface Holding {
  readonly holder: string;
  readonly balance: bigint;
}

const BLOCKS_MAX = 2_000;
const TOKENS_MAX = 12;
const SEARCHED_MAX = 60;
const HOLDERS_MAX = 50;
const LOGS_MAX = 2_000;
const DECIMALS_MAX = 36n;
/** Names the interface of ERC-721 (ERC-165). */
const THINGS_INTERFACE = "0x80ac58cd";
const WORD = /^0x[0-9a-f]{64}$/;
const ADDRESS_WORD = /^0x0{24}[0-9a-f]{40}$/;

/** The one value of a view of the token, or `null` where the contract gives none of the kind. */
async function ask(call: Call, address: string, name: string, values: readonly string[] = []): Promise<unknown> {
  const views = [...TOKEN_ABI.functions, ...OTHER_ABI.functions];
  const view = views.find((candidate) => candidate.name === name);
  const input = view === undefined ? null : encodeAbi(view.inputs, values);
  if (view === undefined || input === null || !input.ok) return null;
  const data = `${view.selector}${bytesToHex(input.value).slice(2)}`;
  const output = await call<string>("eth_call", [{ to: address, data }, "latest"]).catch(() => "0x");
  if (!/^0x([0-9a-f]{2})+$/.test(output)) return null;
  const decoded = decodeAbi(view.outputs, hexToBytes(output));
  return decoded.ok ? (decoded.value[0] ?? null) : null;
}

/** `null` for contracts that are no token. */
export async function readToken(call: Call, address: string): Promise<Token | null> {
  const [hasThings, ...values] = await Promise.all([
    ask(call, address, "supportsInterface", [THINGS_INTERFACE]),
    ...["name", "symbol", "decimals", "totalSupply"].map((view) => ask(call, address, view)),
  ]);
  const [name, symbol, decimals, told] = values;
  const kind = hasThings === true ? "things" : "amounts";
  const supply = typeof told === "bigint" ? told : null;
  if (typeof symbol !== "string" || (kind === "amounts" && supply === null)) return null;
  const isUsual = kind === "amounts" && typeof decimals === "bigint" && decimals <= DECIMALS_MAX;
  return {
    address,
    kind,
    name: typeof name === "string" ? name : symbol,
    symbol,
    decimals: isUsual ? Number(decimals) : 0,
    supply,
  };
}

export async function balanceOf(call: Call, token: string, holder: string): Promise<bigint | null> {
  const balance = await ask(call, token, "balanceOf", [holder]);
  return typeof balance === "bigint" ? balance : null;
}

async function recentTransfers(
  call: Call,
  filter: { readonly address?: string; readonly topics?: readonly unknown[] },
) {
  const transfer = TOKEN_ABI.events.find(({ name }) => name === "Transfer")?.topic;
  const head = readNumber(await call("eth_blockNumber"));
  const fromBlock = `0x${Math.max(0, head - BLOCKS_MAX).toString(16)}`;
  const [, ...others] = filter.topics ?? [];
  const logs = await call<readonly LogAnswer[]>("eth_getLogs", [
    { ...filter, fromBlock, toBlock: "latest", topics: [transfer, ...others] },
  ]);
  return logs.slice(-LOGS_MAX).filter(({ topics }) => topics.length === 3 || topics.length === 4);
}

const addressOf = (topic: string | undefined): string | null =>
  topic !== undefined && ADDRESS_WORD.test(topic) ? `0x${topic.slice(26)}` : null;

/** Transfers of recent blocks, newest first. */
export async function readTransfers(call: Call, token: string): Promise<readonly LogAnswer[]> {
  return [...(await recentTransfers(call, { address: token }))].reverse();
}

/** What a transfer moved: an amount, or the number of a thing; `null` where its log has another form. */
export function movedBy({ kind }: Token, { topics, data }: LogAnswer): bigint | null {
  if (kind === "things") return topics[3] === undefined ? null : BigInt(topics[3]);
  return topics.length === 3 && WORD.test(data) ? BigInt(data) : null;
}

/** Those who took part in the transfers, by what they hold now. */
export async function readHolders(
  call: Call,
  token: string,
  transfers: readonly LogAnswer[],
): Promise<readonly Holding[]> {
  const holders = new Set<string>();
  for (const { topics } of transfers) {
    for (const address of [addressOf(topics[2]), addressOf(topics[1])]) {
      if (address !== null && BigInt(address) !== 0n && holders.size < HOLDERS_MAX) holders.add(address);
    }
  }
  const holdings = await Promise.all(
    [...holders].map(async (holder) => ({ holder, balance: (await balanceOf(call, token, holder)) ?? 0n })),
  );
  return holdings.sort((a, b) => (a.balance === b.balance ? 0 : a.balance > b.balance ? -1 : 1));
}

/** Tokens that moved to or from the account in recent blocks, with what it holds. */
export async function tokensTouched(
  call: Call,
  account: string,
): Promise<readonly { readonly token: Token; readonly balance: bigint }[]> {
  const word = `0x${"0".repeat(24)}${account.slice(2)}`;
  const both = await Promise.all([
    recentTransfers(call, { topics: [null, word] }),
    recentTransfers(call, { topics: [null, null, word] }),
  ]);
  const contracts = [...new Set(both.flat().map(({ address }) => address))].slice(0, TOKENS_MAX);
  const found = await Promise.all(
    contracts.map(async (address) => {
      const [token, balance] = await Promise.all([readToken(call, address), balanceOf(call, address, account)]);
      return token === null || balance === null ? [] : [{ token, balance }];
    }),
  );
  return found.flat();
}

/** Tokens of that symbol or name, capitals or not, among those that moved in recent blocks and those given. */
export async function findTokens(call: Call, text: string, known: readonly string[]): Promise<readonly Token[]> {
  const wanted = text.trim().toLowerCase();
  const moved = await recentTransfers(call, {});
  const contracts = [...new Set([...known, ...moved.map(({ address }) => address).reverse()])].slice(0, SEARCHED_MAX);
  const tokens = await Promise.all(contracts.map((address) => readToken(call, address).catch(() => null)));
  return tokens.flatMap((token) =>
    token !== null && [token.symbol, token.name].some((name) => name.toLowerCase() === wanted) ? [token] : [],
  );
}
