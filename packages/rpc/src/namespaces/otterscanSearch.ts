// Finding transactions by who takes part, without an index: blocks are read one after the other, up to a bound.
import type { Address, Hash32 } from "@festina/primitives";
import { type CallFrame, eachCall } from "../format/callFrame.ts";
import { notFound, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { BlockRecord, ExecutedTransaction, RpcBackend } from "../ports.ts";
import { restAfterSlice, SLICE_BLOCKS } from "./logQuery.ts";
import { CALLS, traceBlock, traceCalls } from "./traceRuns.ts";

/** Of one search: some seconds of decoding. */
const SEARCH_BLOCKS_MAX = 50_000;
/** Of one search, of blocks that are run again: a second or two. */
const TRACED_GAS_MAX = 60_000_000n;
/** Of a transaction that runs no code. */
const PLAIN_GAS = 21_000n;

export interface FoundTransaction {
  readonly record: BlockRecord;
  readonly index: number;
}

/** Newest first. */
export interface TransactionPage {
  readonly found: readonly FoundTransaction[];
  /** Nothing newer is there. */
  readonly isFirst: boolean;
  /** Nothing older is there. */
  readonly isLast: boolean;
}

/** As sender, recipient, payer, new contract, or contract that logged: what the block itself says. */
function takesPart({ transaction, sender, createdAddress, logs }: ExecutedTransaction, address: Address): boolean {
  const { to, sponsorship } = transaction;
  if (sender === address || to === address || createdAddress === address) return true;
  return sponsorship?.payer === address || logs.some((log) => log.address === address);
}

const hasRun = ({ transaction, gasUsed }: ExecutedTransaction): boolean =>
  transaction.to === null || transaction.data.length > 0 || gasUsed > PLAIN_GAS;

/** Calls inside others leave nothing in a block: it is run again, while the gas of one search lasts. */
class InnerCalls {
  #gasLeft = TRACED_GAS_MAX;
  readonly #backend: RpcBackend;

  constructor(backend: RpcBackend) {
    this.#backend = backend;
  }

  /** Of each transaction of the block; empty when it is not looked into. */
  async of(record: BlockRecord): Promise<readonly CallFrame[]> {
    const { gasUsed } = record.block.header;
    if (gasUsed > this.#gasLeft || !record.transactions.some(hasRun)) return [];
    this.#gasLeft -= gasUsed;
    try {
      return (await traceBlock(this.#backend, record, null, CALLS)) as unknown as readonly CallFrame[];
    } catch (error) {
      // A state that is gone, or a trace that is too long: what the block itself says must do.
      if (error instanceof RpcError) return [];
      throw error;
    }
  }
}

function isInside(top: CallFrame | undefined, address: Address): boolean {
  let isFound = false;
  if (top !== undefined) eachCall(top, ({ from, to }) => (isFound ||= from === address || to === address));
  return isFound;
}

async function inBlock(record: BlockRecord, address: Address, inner: InnerCalls): Promise<readonly FoundTransaction[]> {
  const { transactions } = record;
  const isAll = transactions.every((one) => takesPart(one, address) || !hasRun(one));
  const frames = isAll ? [] : await inner.of(record);
  return transactions.flatMap((one, index) =>
    takesPart(one, address) || isInside(frames[index], address) ? [{ record, index }] : [],
  );
}

/** Whole blocks, so that no page ends within one. @returns in the order of the walk, and whether it came to its end */
async function walk(
  backend: RpcBackend,
  address: Address,
  numbers: { readonly first: number; readonly last: number; readonly step: 1 | -1 },
  wanted: number,
): Promise<{ readonly blocks: readonly (readonly FoundTransaction[])[]; readonly isAtEnd: boolean }> {
  const { first, last, step } = numbers;
  const blocks: (readonly FoundTransaction[])[] = [];
  const inner = new InnerCalls(backend);
  let count = 0;
  let looked = 0;
  for (let number = first; step * (last - number) >= 0; number += step) {
    if (count >= wanted) return { blocks, isAtEnd: false };
    if (++looked > SEARCH_BLOCKS_MAX) {
      if (count > 0) return { blocks, isAtEnd: false };
      throw new RpcError(RPC_CODE.limitExceeded, `nothing in ${SEARCH_BLOCKS_MAX} blocks, up to block ${number}`);
    }
    if (looked % SLICE_BLOCKS === 0) await restAfterSlice();
    const record = backend.chain.blockByNumber(number);
    const found = record === undefined ? [] : await inBlock(record, address, inner);
    if (found.length > 0) blocks.push(found);
    count += found.length;
  }
  return { blocks, isAtEnd: true };
}

export async function searchBefore(
  backend: RpcBackend,
  address: Address,
  number: number,
  wanted: number,
): Promise<TransactionPage> {
  const head = backend.chain.head();
  const first = number === 0 ? head : Math.min(number - 1, head);
  const { blocks, isAtEnd } = await walk(backend, address, { first, last: 0, step: -1 }, wanted);
  return { found: blocks.flatMap((found) => found.toReversed()), isFirst: number === 0, isLast: isAtEnd };
}

export async function searchAfter(
  backend: RpcBackend,
  address: Address,
  number: number,
  wanted: number,
): Promise<TransactionPage> {
  const first = number === 0 ? 0 : number + 1;
  const { blocks, isAtEnd } = await walk(backend, address, { first, last: backend.chain.head(), step: 1 }, wanted);
  return { found: blocks.flat().toReversed(), isFirst: isAtEnd, isLast: number === 0 };
}

/** The first block after which `holds`, which stays true once it is; `null` when it never is. State must be kept. */
function firstBlock(backend: RpcBackend, holds: (number: number) => boolean | undefined): BlockRecord | null {
  const at = (number: number): boolean => {
    const answer = holds(number);
    if (answer === undefined) throw notFound("missing trie node: the state of this block is not available");
    return answer;
  };
  let high = backend.chain.head();
  if (!at(high)) return null;
  let low = -1;
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    if (at(middle)) high = middle;
    else low = middle;
  }
  return backend.chain.blockByNumber(high) ?? null;
}

const defined = <T>(value: T | undefined, holds: (value: T) => boolean): boolean | undefined =>
  value === undefined ? undefined : holds(value);

export function findByNonce(backend: RpcBackend, sender: Address, nonce: bigint): Hash32 | null {
  const record = firstBlock(backend, (number) => defined(backend.state.nonce(sender, number), (held) => held > nonce));
  const found = record?.transactions.find((one) => one.sender === sender && one.transaction.nonce === nonce);
  return found?.transaction.hash ?? null;
}

/** `null` for accounts without code, and for contracts that no transaction made. */
export async function findCreator(
  backend: RpcBackend,
  address: Address,
): Promise<{ readonly hash: Hash32; readonly creator: string } | null> {
  const record = firstBlock(backend, (number) =>
    defined(backend.state.code(address, number), ({ length }) => length > 0),
  );
  if (record === null) return null;
  for (const [index, { transaction, sender, createdAddress, succeeded }] of record.transactions.entries()) {
    if (!succeeded) continue;
    if (createdAddress === address) return { hash: transaction.hash, creator: sender };
    let creator: string | null = null;
    eachCall(await traceCalls(backend, record, index), ({ type, from, to }, _path, isUndone) => {
      if (!isUndone && to === address && type.startsWith("CREATE")) creator = from;
    });
    if (creator !== null) return { hash: transaction.hash, creator };
  }
  return null;
}
