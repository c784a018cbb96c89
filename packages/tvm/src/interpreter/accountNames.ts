// Addresses of a run's accounts as text, each made once: text costs more than all else that is said of an account.
import type { Address } from "@festina/primitives";
import { ACCOUNT, type KernelExports } from "./kernel.ts";
import type { KernelMemory } from "./kernelMemory.ts";
import { WordTexts } from "./wordTexts.ts";

/** Room that one run leaves to the next: most have fewer accounts. */
const NAMES_KEPT_MAX = 16;

export class AccountNames {
  readonly #texts: WordTexts<Address>;
  readonly #first: number;
  #names: (Address | undefined)[] = [];

  /** `memory`: up to date. */
  constructor(kernel: KernelExports, memory: () => KernelMemory) {
    this.#texts = new WordTexts(memory, (at) => memory().address(at));
    this.#first = kernel.accountsPointer();
  }

  /** Records have their places for one run. */
  forget(): void {
    if (this.#names.length > NAMES_KEPT_MAX) this.#names = [];
    else this.#names.fill(undefined);
  }

  /** Somebody has the text of this record's address already. */
  give(account: number, name: Address): void {
    this.#names[(account - this.#first) / ACCOUNT.bytes] = name;
  }

  /** `account`: where its record is. */
  of(account: number): Address {
    const index = (account - this.#first) / ACCOUNT.bytes;
    let name = this.#names[index];
    if (name === undefined) {
      name = this.#texts.of(account);
      this.#names[index] = name;
    }
    return name;
  }
}
