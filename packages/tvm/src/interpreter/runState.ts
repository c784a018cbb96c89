// What one run has done besides the state itself: what is warm, refunds, logs, transient storage, accounts made and
// destroyed. A frame that fails takes its part back.
import type { Address } from "@festina/primitives";
import type { Log } from "@festina/types";

interface Slot {
  /** Value when the run began. */
  readonly original: bigint;
  isWarm: boolean;
}

export class RunState {
  readonly #undo: (() => void)[] = [];
  readonly #warmAccounts = new Set<Address>();
  readonly #slots = new Map<Address, Map<bigint, Slot>>();
  readonly #transient = new Map<Address, Map<bigint, bigint>>();
  readonly logs: Log[] = [];
  readonly touched = new Set<Address>();
  readonly created = new Set<Address>();
  readonly selfDestructed = new Set<Address>();
  burnedWei = 0n;
  refund = 0;

  /** A place to come back to with `revert`. */
  get mark(): number {
    return this.#undo.length;
  }

  revert(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }

  /** Warm from the start: no failure makes it cold again. */
  warmFromStart(address: Address): void {
    this.#warmAccounts.add(address);
  }

  warmSlotFromStart(address: Address, slot: bigint, original: bigint): void {
    this.#slotsOf(address).set(slot, { original, isWarm: true });
  }

  /** True the first time. */
  warm(address: Address): boolean {
    if (this.#warmAccounts.has(address)) return false;
    this.#warmAccounts.add(address);
    this.#undo.push(() => this.#warmAccounts.delete(address));
    return true;
  }

  #slotsOf(address: Address): Map<bigint, Slot> {
    let slots = this.#slots.get(address);
    if (slots === undefined) {
      slots = new Map();
      this.#slots.set(address, slots);
    }
    return slots;
  }

  /** `read` is asked the first time a slot is seen. */
  slot(address: Address, slot: bigint, read: () => bigint): Slot {
    const slots = this.#slotsOf(address);
    let known = slots.get(slot);
    if (known === undefined) {
      known = { original: read(), isWarm: false };
      slots.set(slot, known);
    }
    return known;
  }

  warmSlot(slot: Slot): void {
    slot.isWarm = true;
    this.#undo.push(() => {
      slot.isWarm = false;
    });
  }

  addRefund(gas: number): void {
    if (gas === 0) return;
    this.refund += gas;
    this.#undo.push(() => {
      this.refund -= gas;
    });
  }

  log(log: Log): void {
    this.logs.push(log);
    this.#undo.push(() => this.logs.pop());
  }

  transient(address: Address, slot: bigint): bigint {
    return this.#transient.get(address)?.get(slot) ?? 0n;
  }

  setTransient(address: Address, slot: bigint, value: bigint): void {
    let slots = this.#transient.get(address);
    if (slots === undefined) {
      slots = new Map();
      this.#transient.set(address, slots);
    }
    const before = slots.get(slot) ?? 0n;
    const written = slots;
    slots.set(slot, value);
    this.#undo.push(() => written.set(slot, before));
  }

  touch(address: Address): void {
    this.#addTo(this.touched, address);
  }

  create(address: Address): void {
    this.#addTo(this.created, address);
  }

  selfDestruct(address: Address): void {
    this.#addTo(this.selfDestructed, address);
  }

  burn(wei: bigint): void {
    this.burnedWei += wei;
    this.#undo.push(() => {
      this.burnedWei -= wei;
    });
  }

  #addTo(set: Set<Address>, address: Address): void {
    if (set.has(address)) return;
    set.add(address);
    this.#undo.push(() => set.delete(address));
  }
}
