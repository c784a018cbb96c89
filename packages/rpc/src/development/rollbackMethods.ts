import { keccakHash } from "@festina/crypto";
import type { Address } from "@festina/primitives";
import { decodeTransaction } from "@festina/types";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, parseArray, parseBytes } from "../jsonRpc/params.ts";
import { invalidParams, RPC_CODE, RpcError, refusal } from "../jsonRpc/rpcError.ts";
import { requireState } from "../namespaces/blockTag.ts";
import { signedTransaction } from "../namespaces/sendingMethods.ts";
import type { RpcBackend } from "../ports.ts";
import type { BlockAddition, DevelopmentGate, RefusedAddition } from "./developmentPort.ts";
import { parseCount } from "./parseControl.ts";

const ADDITIONS_MAX = 10_000;
/** So many blocks are made in one go, while nobody else is heard. */
const REORG_DEPTH_MAX = 1_000;

function requireDepth({ chain }: RpcBackend, what: string, depth: number): void {
  const height = chain.head();
  if (depth > height)
    throw invalidParams(`${what} depth must not exceed current chain height: current height ${height}, depth ${depth}`);
}

/** Signs what is to be in blocks on an older one, with nonces that count from there. */
class AdditionReader {
  readonly #backend: RpcBackend;
  /** The newest block that stays. */
  readonly #base: number;
  readonly #nonces = new Map<Address, bigint>();

  constructor(backend: RpcBackend, base: number) {
    this.#backend = backend;
    this.#base = base;
  }

  #takeNonce(sender: Address): bigint {
    const nonce = this.#nonces.get(sender) ?? requireState(this.#backend.state.nonce(sender, this.#base));
    this.#nonces.set(sender, nonce + 1n);
    return nonce;
  }

  /** In the order of the blocks, so that nonces rise from one to the next. */
  async read(pairs: readonly unknown[], depth: number): Promise<readonly BlockAddition[]> {
    const placed = pairs.map((pair) => {
      const [transaction, place] = parseArray(pair, "transactions", 2);
      return { transaction, offset: parseOffset(place, depth) };
    });
    const additions: BlockAddition[] = [];
    for (const { transaction, offset } of placed.toSorted((one, other) => one.offset - other.offset))
      additions.push(
        typeof transaction === "string"
          ? { offset, encoded: parseRaw(transaction) }
          : await this.#sign(new Params([transaction]).object(0, "transactions"), offset),
      );
    return additions;
  }

  async #sign(fields: Readonly<Record<string, unknown>>, offset: number): Promise<BlockAddition> {
    const standing = {
      place: { number: this.#base, isNext: true },
      nextNonce: (sender: Address) => this.#takeNonce(sender),
    };
    const signed = await signedTransaction(this.#backend, fields, standing);
    return { offset, encoded: signed.encoded, signedBy: signed.sender };
  }
}

function parseOffset(value: unknown, depth: number): number {
  const offset = parseCount(value, "transactions: the block's offset", Number.MAX_SAFE_INTEGER);
  if (offset < depth) return offset;
  throw invalidParams(
    `Block number for reorg tx will exceed the reorged chain height. Block number ${offset} must not exceed (depth-1) ${depth - 1}`,
  );
}

function parseRaw(value: string): Uint8Array {
  const encoded = parseBytes(value, "transactions");
  const decoded = decodeTransaction(encoded);
  if (!decoded.ok) throw refusal(decoded.error);
  return encoded;
}

/** The newest blocks undone, or replaced by others: what a chain that is not final does to a program by itself. */
export function rollbackMethods(backend: RpcBackend, gate: DevelopmentGate): Record<string, Method> {
  return {
    anvil_rollback: async (values) => {
      const depth = new Params(values).has(0) ? parseCount(values[0], "depth", Number.MAX_SAFE_INTEGER) : 1;
      requireDepth(backend, "Rollback", depth);
      const undone = await gate.rollback(depth);
      if (!undone.ok) throw refusal(undone.error);
      return null;
    },
    anvil_reorg: async (values) => {
      const depth = parseCount(values[0], "depth", Number.MAX_SAFE_INTEGER);
      requireDepth(backend, "Reorg", depth);
      if (depth > REORG_DEPTH_MAX) throw invalidParams(`depth: more than ${REORG_DEPTH_MAX} blocks at once`);
      const pairs = parseArray(values[1] ?? [], "transactions", ADDITIONS_MAX);
      const additions = await new AdditionReader(backend, backend.chain.head() - depth).read(pairs, depth);
      const done = await gate.reorganise(depth, additions);
      if (!done.ok) throw refusal(done.error);
      requireTaken(done.value);
      return null;
    },
  };
}

/** The blocks are there by then. */
function requireTaken(refused: readonly RefusedAddition[]): void {
  const [first] = refused;
  if (first === undefined) return;
  const hashes = refused.map(({ addition }) => keccakHash(addition.encoded));
  const message = `the blocks were replaced, but ${refused.length} of the transactions are in none of them`;
  throw new RpcError(RPC_CODE.server, `${message}: ${first.error.message}`, {
    code: first.error.code,
    transactionHashes: hashes,
  });
}
