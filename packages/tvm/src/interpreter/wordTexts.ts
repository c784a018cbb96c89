// Texts of words that were asked for lately: contracts, holders and kinds of events are the same in run after run, and making
// a text costs more than finding it. Whoever picks words that push each other out gains nothing but that.
import type { KernelMemory } from "./kernelMemory.ts";

/** As many as a few blocks name. */
const PLACE_BITS = 12;
const PLACES = 2 ** PLACE_BITS;
const WORD_NUMBERS = 8;

export class WordTexts<Text> {
  readonly #memory: () => Pick<KernelMemory, "numbers">;
  readonly #make: (at: number) => Text;
  readonly #words = new Uint32Array(PLACES * WORD_NUMBERS);
  readonly #texts: (Text | undefined)[] = new Array<Text | undefined>(PLACES).fill(undefined);

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
    const place = mixed >>> (32 - PLACE_BITS);
    const known = this.#texts[place];
    const word = WORD_NUMBERS * place;
    let isSame = known !== undefined;
    for (let i = 0; isSame && i < WORD_NUMBERS; i++) isSame = this.#words[word + i] === numbers[from + i];
    if (isSame) return known as Text;
    const text = this.#make(at);
    for (let i = 0; i < WORD_NUMBERS; i++) this.#words[word + i] = numbers[from + i] as number;
    this.#texts[place] = text;
    return text;
  }
}
