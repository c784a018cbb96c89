// Texts of words that were asked for lately: contracts, holders and kinds of events are the same in run after run, and making
// a text costs more than finding it. Whoever picks words that push each other out gains nothing but that.
import type { KernelMemory } from "./kernelMemory.ts";

/** Words that share a place: the newest, and the one before it. As many places as a few blocks name words. */
const WAYS = 2;
const PLACE_BITS = 11;
const TEXTS = WAYS * 2 ** PLACE_BITS;
const WORD_NUMBERS = 8;

export class WordTexts<Text> {
  readonly #memory: () => Pick<KernelMemory, "numbers">;
  readonly #make: (at: number) => Text;
  readonly #words = new Uint32Array(TEXTS * WORD_NUMBERS);
  readonly #texts: (Text | undefined)[] = new Array<Text | undefined>(TEXTS).fill(undefined);

  /** `memory`: up to date; `make`: the text of the word that begins there. */
  constructor(memory: () => Pick<KernelMemory, "numbers">, make: (at: number) => Text) {
    this.#memory = memory;
    this.#make = make;
  }

  /** Of the word at an address that is a multiple of four. */
  of(at: number): Text {
    const { numbers } = this.#memory();
    const from = at >>> 2;
    let mixed = 0;
    for (let i = 0; i < WORD_NUMBERS; i++) mixed = Math.imul(mixed ^ (numbers[from + i] as number), 0x9e3779b1);
    const first = WAYS * (mixed >>> (32 - PLACE_BITS));
    for (let place = first; place < first + WAYS; place++) {
      const text = this.#texts[place];
      if (text !== undefined && this.#isAt(place, numbers, from)) return text;
    }
    const text = this.#make(at);
    const words = this.#words;
    const word = WORD_NUMBERS * first;
    for (let i = 0; i < WORD_NUMBERS; i++) {
      words[word + WORD_NUMBERS + i] = words[word + i] as number;
      words[word + i] = numbers[from + i] as number;
    }
    this.#texts[first + 1] = this.#texts[first];
    this.#texts[first] = text;
    return text;
  }

  #isAt(place: number, numbers: Uint32Array, from: number): boolean {
    const word = WORD_NUMBERS * place;
    for (let i = 0; i < WORD_NUMBERS; i++) if (this.#words[word + i] !== numbers[from + i]) return false;
    return true;
  }
}
