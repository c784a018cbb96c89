// The frame's stack while one function runs: words in locals, as constants, or where they were when it was entered.
// Nothing is written to memory before somebody else has to see it.
import { assert } from "@festina/primitives";
import { type Limb, type Limbs, limbsOf, push } from "./limbs.ts";
import type { FunctionBody } from "./wasm/functionBody.ts";
import { OPERATION as op, TYPE } from "./wasm/operation.ts";

export const WORD_BYTES = 32;

/** Where a word lies in memory: bytes above the address in a local, or above 0. */
export interface Home {
  readonly base: number | null;
  readonly offset: number;
}

/** `limbs` are filled in when they are first needed. */
export interface Word {
  limbs: Limbs | null;
  /** An i32 local that holds 0 or 1, for words that came out of a comparison. */
  readonly flag: number | null;
  readonly home: Home | null;
}

export const constantWord = (value: bigint): Word => ({ limbs: limbsOf(value), flag: null, home: null });
export const wordAt = (home: Home): Word => ({ limbs: null, flag: null, home });

export class VirtualStack {
  readonly #body: FunctionBody;
  /** Local with the address of the lowest word that this function may touch. */
  readonly #bottom: number;
  #words: Word[];

  constructor(body: FunctionBody, bottom: number, words: readonly Word[]) {
    this.#body = body;
    this.#bottom = bottom;
    this.#words = [...words];
  }

  /** The stack as a function finds it: `count` words in memory. */
  static entered(body: FunctionBody, bottom: number, count: number): VirtualStack {
    const stack = new VirtualStack(body, bottom, []);
    stack.#words = Array.from({ length: count }, (_, index) => wordAt(stack.#place(index)));
    return stack;
  }

  /** For a way out that is not always taken: what is loaded there is not loaded here. */
  fork(): VirtualStack {
    const copies = new Map<Word, Word>();
    const copyOf = (word: Word): Word => {
      const copy = copies.get(word) ?? { ...word };
      copies.set(word, copy);
      return copy;
    };
    return new VirtualStack(this.#body, this.#bottom, this.#words.map(copyOf));
  }

  #place(index: number): Home {
    return { base: this.#bottom, offset: WORD_BYTES * index };
  }

  pop(): Word {
    const word = this.#words.pop();
    assert(word !== undefined, "the superblock's needs were counted");
    return word;
  }

  push(limbs: Limbs): void {
    this.#words.push({ limbs, flag: null, home: null });
  }

  pushWord(word: Word): void {
    this.#words.push(word);
  }

  /** Takes an i32 that is 0 or 1 from WebAssembly's stack. */
  pushFlag(): void {
    this.#words.push({ limbs: null, flag: this.#body.keep(TYPE.i32), home: null });
  }

  /** A word that somebody else wrote to its place. */
  pushWritten(): void {
    this.#words.push(wordAt(this.#place(this.#words.length)));
  }

  duplicate(depth: number): void {
    this.#words.push(this.#words[this.#words.length - depth] as Word);
  }

  swap(depth: number): void {
    const top = this.#words.length - 1;
    const word = this.#words[top] as Word;
    this.#words[top] = this.#words[top - depth] as Word;
    this.#words[top - depth] = word;
  }

  /** The word's limbs, loaded when they are not. */
  limbs(word: Word): Limbs {
    word.limbs ??= this.#loaded(word);
    return word.limbs;
  }

  #loaded(word: Word): Limbs {
    const body = this.#body;
    if (word.flag !== null) {
      body.get(word.flag);
      body.op(op.i64Extend);
      return [body.keep(TYPE.i64), 0n, 0n, 0n];
    }
    const { home } = word;
    assert(home !== null, "a word is somewhere");
    const limb = (index: number): Limb => {
      this.pushBase(home);
      body.load64(home.offset + 8 * index);
      return body.keep(TYPE.i64);
    };
    return [limb(0), limb(1), limb(2), limb(3)];
  }

  pushBase(home: Home): void {
    if (home.base === null) this.#body.i32(0);
    else this.#body.get(home.base);
  }

  /** Leaves the address of the top word, once everything is settled. */
  pushTop(): void {
    const body = this.#body;
    body.get(this.#bottom);
    const offset = WORD_BYTES * (this.#words.length - 1);
    if (offset === 0) return;
    body.i32(offset);
    body.op(op.i32Add);
  }

  /** Writes every word to its place, for others to see. */
  settle(): void {
    const isSettled = (word: Word, index: number): boolean =>
      word.home !== null && word.home.base === this.#bottom && word.home.offset === WORD_BYTES * index;
    const moved = this.#words.flatMap((word, index) => (isSettled(word, index) ? [] : [index]));
    // All are read before one is written: a place may hold what another word still is.
    for (const index of moved) this.limbs(this.#words[index] as Word);
    for (const index of moved) {
      const limbs = this.limbs(this.#words[index] as Word);
      this.#store(this.#place(index), limbs);
      this.#words[index] = { limbs, flag: (this.#words[index] as Word).flag, home: this.#place(index) };
    }
  }

  #store(home: Home, limbs: Limbs): void {
    for (const [index, limb] of limbs.entries()) {
      this.pushBase(home);
      push(this.#body, limb);
      this.#body.store64(home.offset + 8 * index);
    }
  }

  /** Leaves the address of memory that holds the word: its own place, or `spare` after it was written there. */
  prepareAddress(word: Word, spare: number): () => void {
    const body = this.#body;
    const { home } = word;
    if (home !== null && home.base !== null) {
      return () => {
        this.pushBase(home);
        if (home.offset === 0) return;
        body.i32(home.offset);
        body.op(op.i32Add);
      };
    }
    if (home !== null) return () => body.i32(home.offset);
    this.#store({ base: null, offset: spare }, this.limbs(word));
    return () => body.i32(spare);
  }
}
