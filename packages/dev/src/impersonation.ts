import type { Address } from "@festina/primitives";

const ADDRESSES_MAX = 100_000;

/** In whose name transactions are taken without a signature. */
export class Impersonation {
  readonly #addresses = new Set<Address>();
  readonly #isOfAllAtStart: boolean;
  isOfAll: boolean;

  constructor(isOfAllAtStart: boolean) {
    this.#isOfAllAtStart = isOfAllAtStart;
    this.isOfAll = isOfAllAtStart;
  }

  add(address: Address): void {
    if (this.#addresses.size < ADDRESSES_MAX) this.#addresses.add(address);
  }

  delete(address: Address): boolean {
    return this.#addresses.delete(address);
  }

  has(address: Address): boolean {
    return this.isOfAll || this.#addresses.has(address);
  }

  clear(): void {
    this.#addresses.clear();
    this.isOfAll = this.#isOfAllAtStart;
  }
}
