// Addresses of a run's accounts as text, each made once: text costs more than all else that is said of an account.
import type { Address } from "@festina/primitives";
import { ACCOUNT, type KernelExports } from "./kernel.ts";
import type { KernelMemory } from "./kernelMemory.ts";

export class AccountNames {
  readonly #memory: () => KernelMemory;
  readonly #first: number;
  #names: (Address | undefined)[] = [];

  /** `memory`: up to date. */
  constructor(kernel: KernelExports, memory: () => KernelMemory) {
    this.#memory = memory;
    this.#first = kernel.accountsPointer();
  }

  /** Records have their places for one run. */
  forget(): void {
    this.#names = [];
  }

  /** `account`: where its record is. */
  of(account: number): Address {
    const index = (account - this.#first) / ACCOUNT.bytes;
    let name = this.#names[index];
    if (name === undefined) {
      name = this.#memory().address(account);
      this.#names[index] = name;
    }
    return name;
  }
}
