// A view that remembers what was there when it was first asked for or changed: enough to run the same call again elsewhere.
import type { Address, Hash32 } from "@festina/primitives";
import { isEmptyAccount } from "../account.ts";
import type { Account, StateView } from "../ports.ts";

export interface RecordedAccount {
  readonly account: Account | null;
  readonly code: Uint8Array;
  /** Slots that were met, with what they held. */
  readonly storage: Map<bigint, bigint>;
  /** For whoever asked whether there is any. */
  hasStorage: boolean | null;
}

/** By address, and by address and slot: how things stand. Empty accounts count as absent. */
export type StateReading = ReadonlyMap<string, string>;

export class RecordingView implements StateView {
  readonly #view: StateView;
  readonly accounts = new Map<Address, RecordedAccount>();

  constructor(view: StateView) {
    this.#view = view;
  }

  getAccount(address: Address): Account | null {
    this.#meet(address);
    return this.#view.getAccount(address);
  }

  putAccount(address: Address, account: Account): void {
    this.#meet(address);
    this.#view.putAccount(address, account);
  }

  deleteAccount(address: Address): void {
    this.#meet(address);
    this.#view.deleteAccount(address);
  }

  getCode(address: Address): Uint8Array {
    this.#meet(address);
    return this.#view.getCode(address);
  }

  putCode(address: Address, code: Uint8Array): void {
    this.#meet(address);
    this.#view.putCode(address, code);
  }

  keepCode(codeHash: Hash32, code: Uint8Array): void {
    this.#view.keepCode(codeHash, code);
  }

  getStorage(address: Address, slot: bigint): bigint {
    this.#meetSlot(address, slot);
    return this.#view.getStorage(address, slot);
  }

  putStorage(address: Address, slot: bigint, value: bigint): void {
    this.#meetSlot(address, slot);
    this.#view.putStorage(address, slot, value);
  }

  hasStorage(address: Address): boolean {
    const recorded = this.#meet(address);
    const has = this.#view.hasStorage(address);
    recorded.hasStorage ??= has;
    return has;
  }

  mayHaveStorage(address: Address): boolean {
    return this.#view.mayHaveStorage(address);
  }

  checkpoint(): void {
    this.#view.checkpoint();
  }

  commit(): void {
    this.#view.commit();
  }

  revert(): void {
    this.#view.revert();
  }

  /** Everything that was met, as it stood then. */
  before(): StateReading {
    const reading = new Map<string, string>();
    for (const [address, { account, storage }] of this.accounts) {
      reading.set(address, describeAccount(account));
      for (const [slot, value] of storage) reading.set(slotName(address, slot), `${value}`);
    }
    return reading;
  }

  /** The same, as it stands now. */
  after(): StateReading {
    const reading = new Map<string, string>();
    for (const [address, { storage }] of this.accounts) {
      reading.set(address, describeAccount(this.#view.getAccount(address)));
      for (const slot of storage.keys())
        reading.set(slotName(address, slot), `${this.#view.getStorage(address, slot)}`);
    }
    return reading;
  }

  #meet(address: Address): RecordedAccount {
    const known = this.accounts.get(address);
    if (known !== undefined) return known;
    const recorded: RecordedAccount = {
      account: this.#view.getAccount(address),
      code: this.#view.getCode(address),
      storage: new Map(),
      hasStorage: null,
    };
    this.accounts.set(address, recorded);
    return recorded;
  }

  #meetSlot(address: Address, slot: bigint): void {
    const { storage } = this.#meet(address);
    if (!storage.has(slot)) storage.set(slot, this.#view.getStorage(address, slot));
  }
}

const slotName = (address: Address, slot: bigint): string => `${address} slot ${slot}`;

function describeAccount(account: Account | null): string {
  if (account === null || isEmptyAccount(account)) return "absent";
  return `${account.nonce} ${account.balanceWei} ${account.codeHash}`;
}
