// Requests come over a local socket one after the other, with or without anything between them: where each ends is found by
// its brackets. A byte of a character beyond ASCII is never one of JSON's signs, so bytes can be looked at one by one.

const OPENING = new Set([..."{["].map((sign) => sign.charCodeAt(0)));
const CLOSING = new Set([..."}]"].map((sign) => sign.charCodeAt(0)));
const BLANK = new Set([..." \t\r\n"].map((sign) => sign.charCodeAt(0)));
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What is wrong with a stream that cannot be read on. */
export type StreamFailure = "too large" | "no JSON";

export class JsonStream {
  readonly #bytesMax: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #depth = 0;
  #isInText = false;
  #isEscaped = false;

  /** A request has at most so many bytes. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /**
   * The requests that end in this chunk, in order; what has begun is kept for the next chunk. After a failure nothing that
   * follows can be told apart any more: the stream is to be ended.
   */
  take(chunk: Buffer): { readonly texts: readonly string[]; readonly failure: StreamFailure | null } {
    const texts: string[] = [];
    let begin = this.#depth > 0 ? 0 : -1;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#depth === 0) {
        if (BLANK.has(byte)) continue;
        if (!OPENING.has(byte)) return { texts, failure: "no JSON" };
        begin = at;
      }
      if (this.#isEnd(byte)) {
        if (this.#bytes + at + 1 - begin > this.#bytesMax) return { texts, failure: "too large" };
        texts.push(Buffer.concat([...this.#chunks, chunk.subarray(begin, at + 1)]).toString("utf8"));
        this.#chunks = [];
        this.#bytes = 0;
        begin = -1;
      }
    }
    if (begin >= 0) {
      this.#bytes += chunk.length - begin;
      if (this.#bytes > this.#bytesMax) return { texts, failure: "too large" };
      this.#chunks.push(chunk.subarray(begin));
    }
    return { texts, failure: null };
  }

  /** Whether this byte of a request is its last. */
  #isEnd(byte: number): boolean {
    if (this.#isInText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isInText = false;
      return false;
    }
    if (byte === QUOTE) this.#isInText = true;
    else if (OPENING.has(byte)) this.#depth += 1;
    else if (CLOSING.has(byte)) this.#depth -= 1;
    return this.#depth === 0;
  }
}
