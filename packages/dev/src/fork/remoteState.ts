// The state of another chain at one block, asked for account by account and slot by slot, and kept.
import { keccakHash } from "@festina/crypto";
import {
  type Address,
  bigintToBytes,
  bytesToHex,
  type Hash32,
  hexToBytes,
  isHex,
  parseHash32,
} from "@festina/primitives";
import { toQuantity } from "@festina/rpc";
import { type Account, EMPTY_ACCOUNT, StateElsewhereError, StateUnreachableError } from "@festina/tvm";
import { type RemoteClient, RemoteRefusal } from "./remoteClient.ts";

export interface RemoteAccount extends Account {
  readonly code: Uint8Array;
}

const CODE_BYTES_MAX = 16 * 1024 * 1024;
const NUMBER = /^0x[0-9a-fA-F]{1,64}$/;
const ASKED_AT_ONCE = 10;
/** How nodes say that they have the block, but not its state any more. */
const PRUNED =
  /missing trie node|state.*(not available|unavailable|not found)|pruned|archive|historical|header not found/i;

/** Of at most so many bytes; `null` for what is none. */
export function readNumber(value: unknown, bytesMax: number): bigint | null {
  if (typeof value !== "string" || !NUMBER.test(value)) return null;
  const number = BigInt(value);
  return number < 1n << BigInt(8 * bytesMax) ? number : null;
}

const isNothing = ({ nonce, balanceWei, code }: RemoteAccount): boolean =>
  nonce === 0n && balanceWei === 0n && code.length === 0;

/** Everything asked for is remembered for as long as this is: a block must not be left in the middle for want of it. */
export class RemoteState {
  readonly #client: RemoteClient;
  readonly #block: string;
  readonly #accounts = new Map<Address, RemoteAccount | null>();
  readonly #codes = new Map<Hash32, Uint8Array>();
  readonly #slots = new Map<Address, Map<bigint, bigint>>();
  readonly #blockHashes = new Map<number, Hash32>();
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(client: RemoteClient, blockNumber: number) {
    this.#client = client;
    this.#block = toQuantity(blockNumber);
  }

  /** @throws StateElsewhereError */
  account(address: Address): RemoteAccount | null {
    const known = this.#accounts.get(address);
    if (known !== undefined) return known;
    throw new StateElsewhereError(`account ${address}`, () => this.#once(address, () => this.#fetchAccount(address)));
  }

  /** Whether slots of the account may hold anything; it is meant before anybody asks for them. */
  mayHaveStorage(address: Address): boolean {
    const known = this.#accounts.get(address);
    // Slots are written by code, and whoever has or had code has a nonce.
    return known === undefined || (known !== null && (known.nonce > 0n || known.code.length > 0));
  }

  /** Of the account, which has been asked for. @throws StateElsewhereError */
  slot(address: Address, slot: bigint): bigint {
    const known = this.#slots.get(address)?.get(slot);
    if (known !== undefined) return known;
    const name = `${address}/${slot}`;
    throw new StateElsewhereError(`slot ${name}`, () => this.#once(name, () => this.#fetchSlot(address, slot)));
  }

  /** Of an account that has been asked for. */
  code(hash: Hash32): Uint8Array | undefined {
    return this.#codes.get(hash);
  }

  /** @throws StateElsewhereError */
  blockHash(number: number): Hash32 {
    const known = this.#blockHashes.get(number);
    if (known !== undefined) return known;
    throw new StateElsewhereError(`block ${number}`, () => this.#once(`${number}`, () => this.#fetchBlock(number)));
  }

  /** @throws StateUnreachableError */
  async needAccounts(addresses: readonly Address[]): Promise<void> {
    const unknown = addresses.filter((address) => !this.#accounts.has(address));
    for (let from = 0; from < unknown.length; from += ASKED_AT_ONCE)
      await Promise.all(
        unknown
          .slice(from, from + ASKED_AT_ONCE)
          .map((address) => this.#once(address, () => this.#fetchAccount(address))),
      );
  }

  /** Whoever asks for what somebody waits for already waits with them. */
  #once(name: string, fetch: () => Promise<void>): Promise<void> {
    const underWay = this.#underWay.get(name);
    if (underWay !== undefined) return underWay;
    const begun = fetch().finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, begun);
    return begun;
  }

  async #ask(...calls: Parameters<RemoteClient["callAll"]>[0]): Promise<readonly unknown[]> {
    try {
      return await this.#client.callAll(calls);
    } catch (error) {
      if (!(error instanceof RemoteRefusal)) throw error;
      const { host } = this.#client;
      if (PRUNED.test(error.message))
        throw new StateUnreachableError(
          "FORK_STATE_MISSING",
          `the node at ${host} has not kept the state of block ${Number(this.#block)}, as archive nodes do: ${error.message}`,
        );
      throw new StateUnreachableError("FORK_REFUSED", `the chain at ${host} refuses to answer: ${error.message}`);
    }
  }

  async #fetchAccount(address: Address): Promise<void> {
    const [balance, count, code] = await this.#ask(
      ["eth_getBalance", [address, this.#block]],
      ["eth_getTransactionCount", [address, this.#block]],
      ["eth_getCode", [address, this.#block]],
    );
    const [balanceWei, nonce] = [readNumber(balance, 32), readNumber(count, 8)];
    const isCode = isHex(code) && code.length <= 2 + 2 * CODE_BYTES_MAX;
    if (balanceWei === null || nonce === null || !isCode) throw this.#client.invalid(`no account for ${address}`);
    const bytes = hexToBytes(code);
    const codeHash = bytes.length === 0 ? EMPTY_ACCOUNT.codeHash : keccakHash(bytes);
    if (bytes.length > 0) this.#codes.set(codeHash, bytes);
    const account = { nonce, balanceWei, codeHash, code: bytes };
    this.#accounts.set(address, isNothing(account) ? null : account);
  }

  async #fetchSlot(address: Address, slot: bigint): Promise<void> {
    const [held] = await this.#ask(["eth_getStorageAt", [address, bytesToHex(bigintToBytes(slot, 32)), this.#block]]);
    const value = held === "0x" ? 0n : readNumber(held, 32);
    if (value === null) throw this.#client.invalid(`no word for a slot of ${address}`);
    const slots = this.#slots.get(address) ?? new Map<bigint, bigint>();
    this.#slots.set(address, slots.set(slot, value));
  }

  async #fetchBlock(number: number): Promise<void> {
    const [block] = await this.#ask(["eth_getBlockByNumber", [toQuantity(number), false]]);
    const hash = parseHash32((block as { readonly hash?: unknown } | null)?.hash);
    if (!hash.ok) throw this.#client.invalid(`no block ${number}`);
    this.#blockHashes.set(number, hash.value);
  }
}
