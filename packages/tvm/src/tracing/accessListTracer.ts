import { type Address, bigintToBytes, type Hash32, toHash32 } from "@festina/primitives";
import type { AccessListEntry } from "@festina/types";
import { accountCalled, accountLookedAt, slotLookedAt } from "./lookedAt.ts";
import type { ExecutionTracer, TracedStep } from "./tracer.ts";

/** More than a transaction can pay for as an access list. */
const SLOTS_MAX = 8_000;
const ACCOUNTS_MAX = 4_000;

/** Collects the accounts and slots that a run touches, in the order of their first touch: its access list (EIP-2930). */
export class AccessListTracer implements ExecutionTracer {
  readonly #accounts = new Map<Address, Set<Hash32>>();
  readonly #free: ReadonlySet<Address>;
  #slotCount = 0;

  /** `free`: accounts that are warm anyway; they are listed for their slots only. */
  constructor(free: ReadonlySet<Address>, begun: readonly AccessListEntry[] = []) {
    this.#free = free;
    for (const { address, storageKeys } of begun) {
      this.#accounts.set(address, new Set(storageKeys));
      this.#slotCount += storageKeys.length;
    }
  }

  get isTooLarge(): boolean {
    return this.#slotCount > SLOTS_MAX || this.#accounts.size > ACCOUNTS_MAX;
  }

  onStep(step: TracedStep): void {
    const slot = slotLookedAt(step);
    if (slot !== null) {
      const slots = this.#slotsOf(step.address);
      const key = toHash32(bigintToBytes(slot, 32));
      if (!slots.has(key)) this.#slotCount += 1;
      slots.add(key);
      return;
    }
    const account = accountLookedAt(step) ?? accountCalled(step);
    if (account !== null && !this.#free.has(account)) this.#slotsOf(account);
  }

  #slotsOf(address: Address): Set<Hash32> {
    const slots = this.#accounts.get(address) ?? new Set();
    this.#accounts.set(address, slots);
    return slots;
  }

  get list(): readonly AccessListEntry[] {
    return [...this.#accounts].map(([address, slots]) => ({ address, storageKeys: [...slots] }));
  }
}
