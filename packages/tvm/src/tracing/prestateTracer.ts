import { type Address, bytesToHex, EMPTY_BYTES, type Hex } from "@festina/primitives";
import type { StateView } from "../ports.ts";
import { accountLookedAt, slotLookedAt } from "./lookedAt.ts";
import type { ExecutionTracer, TracedCall, TracedStep } from "./tracer.ts";

export interface PrestateOptions {
  readonly diffMode: boolean;
  readonly withCode: boolean;
  readonly withStorage: boolean;
}

/** An account in the form that `prestateTracer` answers with; in a difference, what is not there has not changed. */
export interface PrestateAccount {
  balance?: Hex;
  nonce?: number;
  code?: Hex;
  storage?: Record<string, string>;
}

export type Prestate = Record<Address, PrestateAccount>;
export type PrestateResult = Prestate | { readonly pre: Prestate; readonly post: Prestate };

/** What an account was at one time. */
interface Snapshot {
  readonly isThere: boolean;
  readonly balanceWei: bigint;
  readonly nonce: bigint;
  readonly code: Uint8Array;
  readonly slots: ReadonlyMap<bigint, bigint>;
}

export type PrestateSnapshot = ReadonlyMap<Address, Snapshot>;

/** With all of their code; gas alone would allow six times as many. */
const ACCOUNTS_MAX = 1_000;
const SLOTS_MAX = 20_000;

/** Notes whom and what a transaction looks at; states before and after are read when it is over. */
export class PrestateTracer implements ExecutionTracer {
  readonly #options: PrestateOptions;
  readonly #accounts = new Map<Address, Set<bigint>>();
  readonly #created = new Set<Address>();
  #slotCount = 0;

  /** `accounts`: those that take part without being looked at: sender, recipient, payer, coinbase, authorities. */
  constructor(options: PrestateOptions, accounts: readonly Address[]) {
    this.#options = options;
    for (const address of accounts) this.#note(address);
  }

  /** About what the trace takes as text, but for code. */
  get sizeBytes(): number {
    return 300 * this.#accounts.size + 280 * this.#slotCount;
  }

  get isTooLarge(): boolean {
    return this.#accounts.size > ACCOUNTS_MAX || this.#slotCount > SLOTS_MAX;
  }

  #note(address: Address): Set<bigint> {
    let slots = this.#accounts.get(address);
    if (slots === undefined) {
      slots = new Set();
      this.#accounts.set(address, slots);
    }
    return slots;
  }

  #noteSlot(address: Address, slot: bigint): void {
    const slots = this.#note(address);
    if (!slots.has(slot)) this.#slotCount += 1;
    slots.add(slot);
  }

  onEnter({ kind, from, to }: TracedCall): void {
    this.#note(from);
    this.#note(to);
    if (kind === "CREATE" || kind === "CREATE2") this.#created.add(to);
  }

  onStep(step: TracedStep): void {
    const slot = slotLookedAt(step);
    if (slot !== null) return this.#noteSlot(step.address, slot);
    const account = accountLookedAt(step);
    if (account !== null) this.#note(account);
  }

  /** Of everything noted, as a view has it now: to be taken once after the transaction and once before it. */
  snapshot(view: StateView): PrestateSnapshot {
    const snapshots = new Map<Address, Snapshot>();
    for (const [address, slots] of this.#accounts) {
      const account = view.getAccount(address);
      snapshots.set(address, {
        isThere: account !== null,
        balanceWei: account?.balanceWei ?? 0n,
        nonce: account?.nonce ?? 0n,
        code: account === null ? EMPTY_BYTES : view.getCode(address),
        slots: new Map([...slots].map((slot) => [slot, view.getStorage(address, slot)])),
      });
    }
    return snapshots;
  }

  result(before: PrestateSnapshot, after: PrestateSnapshot): PrestateResult {
    const pre: Prestate = {};
    const post: Prestate = {};
    for (const [address, was] of before) {
      const is = after.get(address) ?? was;
      if (this.#options.diffMode) this.#addDifference(pre, post, address, was, is);
      else if (was.isThere || !this.#created.has(address)) pre[address] = this.#show(was, [...was.slots]);
    }
    return this.#options.diffMode ? { pre, post } : pre;
  }

  #addDifference(pre: Prestate, post: Prestate, address: Address, was: Snapshot, is: Snapshot): void {
    const changed = [...was.slots].filter(([slot, value]) => is.slots.get(slot) !== value);
    const hasOtherCode = bytesToHex(was.code) !== bytesToHex(is.code);
    const isSame = was.balanceWei === is.balanceWei && was.nonce === is.nonce && !hasOtherCode && changed.length === 0;
    if (isSame) return;
    if (was.isThere)
      pre[address] = this.#show(
        was,
        changed.filter(([, value]) => value !== 0n),
      );
    // An account that is gone has no state after.
    if (!is.isThere) return;
    const after: PrestateAccount = {};
    if (was.balanceWei !== is.balanceWei) after.balance = quantity(is.balanceWei);
    if (was.nonce !== is.nonce) after.nonce = Number(is.nonce);
    if (hasOtherCode && this.#options.withCode) after.code = bytesToHex(is.code);
    const slots = changed.flatMap(([slot]): [bigint, bigint][] => [[slot, is.slots.get(slot) ?? 0n]]);
    this.#addSlots(
      after,
      slots.filter(([, value]) => value !== 0n),
    );
    post[address] = after;
  }

  #show({ balanceWei, nonce, code }: Snapshot, slots: readonly (readonly [bigint, bigint])[]): PrestateAccount {
    const account: PrestateAccount = { balance: quantity(balanceWei) };
    if (nonce !== 0n) account.nonce = Number(nonce);
    if (code.length > 0 && this.#options.withCode) account.code = bytesToHex(code);
    this.#addSlots(account, slots);
    return account;
  }

  #addSlots(account: PrestateAccount, slots: readonly (readonly [bigint, bigint])[]): void {
    if (slots.length === 0 || !this.#options.withStorage) return;
    account.storage = Object.fromEntries(slots.map(([slot, value]) => [wordText(slot), wordText(value)]));
  }
}

const quantity = (value: bigint): Hex => `0x${value.toString(16)}`;
const wordText = (word: bigint): string => `0x${word.toString(16).padStart(64, "0")}`;
