// Slots of the committed state that were asked for or written of late. Bounded: what was not asked for while as many others
// were is forgotten.
import type { Address } from "@festina/primitives";
import { SlotTable } from "./slotTable.ts";
import { copyWord, WORD_NUMBERS } from "./word.ts";

export class SlotCache {
  readonly #seed: number;
  readonly #slotsMax: number;
  readonly #room = new Uint32Array(2 * WORD_NUMBERS);
  #young: SlotTable;
  #old: SlotTable;

  /** It remembers the last `slotsMax` for sure, and at most twice as many. */
  constructor(slotsMax: number, seed: number) {
    this.#slotsMax = slotsMax;
    this.#seed = seed;
    this.#young = new SlotTable(seed);
    this.#old = new SlotTable(seed);
  }

  /** False, and nothing read, when it does not know the slot. */
  read(address: Address, words: Uint32Array, slot: number, to: number): boolean {
    const write = this.#young.newest(address, words, slot);
    if (write >= 0) {
      this.#young.copyValue(write, words, to);
      return true;
    }
    const older = this.#old.length === 0 ? -1 : this.#old.newest(address, words, slot);
    if (older < 0) return false;
    this.#old.copyValue(older, words, to);
    this.keep(address, words, slot, to);
    return true;
  }

  /** A slot and its value, words at two places. */
  keep(address: Address, words: Uint32Array, slot: number, value: number): void {
    copyWord(words, slot, this.#room, 0);
    copyWord(words, value, this.#room, WORD_NUMBERS);
    this.#keepRoom(address);
  }

  #keepRoom(address: Address): void {
    if (this.#young.length >= this.#slotsMax) {
      this.#old = this.#young;
      this.#young = new SlotTable(this.#seed);
    }
    this.#young.append(address, this.#room, 0, 1);
  }

  /** What a block has written, by account. */
  keepAll(slots: SlotTable, storage: ReadonlyMap<Address, readonly number[]>): void {
    for (const [address, writes] of storage)
      for (const write of writes) {
        slots.copyWrite(write, this.#room, 0);
        this.#keepRoom(address);
      }
  }

  /** All slots of the account. */
  forget(address: Address): void {
    this.#young.forget(address);
    this.#old.forget(address);
  }
}
