import { assert } from "@festina/primitives";
import type { KeyRange, KeyValueStore, WriteOperation } from "@festina/storage";

/** What was under a key before it was written; `undefined` for nothing. */
interface Note {
  /** A character for each byte of the key: much smaller than an array of its own. */
  readonly name: string;
  readonly before: Uint8Array | undefined;
}

/** What was written after a mark. Of a key that has several notes, the first says how it was. */
class Frame {
  readonly mark: number;
  /** One for each key, of marks that are forgotten: together they need no more room than what they differ in. */
  readonly #first = new Map<string, Note>();
  /** What came after those. Most frames are of one block, which writes no key twice, and need no names. */
  readonly #notes: Note[] = [];

  constructor(mark: number) {
    this.mark = mark;
  }

  get size(): number {
    return this.#first.size + this.#notes.length;
  }

  add(key: Uint8Array, before: Uint8Array | undefined): void {
    const name = Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
    this.#notes.push({ name, before });
  }

  /** The notes of the frame that followed this one become its own. */
  absorb(later: Frame): void {
    const notes = [...this.#notes.splice(0), ...later.#first.values(), ...later.#notes];
    for (const note of notes) if (!this.#first.has(note.name)) this.#first.set(note.name, note);
  }

  /** One for each key. */
  settled(): Iterable<Note> {
    this.absorb(new Frame(this.mark));
    return this.#first.values();
  }
}

/**
 * A store that remembers, from each mark on, what its writes replaced, and can go back. Blocks, states and whatever
 * else a node keeps go back together, and no part of the node has to know of it. Without a mark it costs nothing.
 */
export class UndoStore implements KeyValueStore {
  readonly #inner: KeyValueStore;
  readonly #frames: Frame[] = [];
  #serial = 0;

  constructor(inner: KeyValueStore) {
    this.#inner = inner;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#inner.get(key);
  }

  entries(range: KeyRange): ReturnType<KeyValueStore["entries"]> {
    return this.#inner.entries(range);
  }

  /** A process that dies loses nothing; a power failure may cost a developer the last blocks, and each block less time. */
  write(batch: readonly WriteOperation[]): Promise<void> {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) for (const { key } of batch) frame.add(key, this.#inner.get(key));
    return this.#inner.write(batch);
  }

  /** Answers with the name of this moment, to which it can go back until that is forgotten. */
  mark(): number {
    const mark = ++this.#serial;
    this.#frames.push(new Frame(mark));
    return mark;
  }

  /** How many writes are noted after the mark and before the next one. */
  writtenAfter(mark: number): number {
    return this.#frames.findLast((frame) => frame.mark === mark)?.size ?? 0;
  }

  /** It cannot go back to this moment any more; to those before it, it can. */
  forget(mark: number): void {
    const index = this.#frames.findIndex((frame) => frame.mark === mark);
    const [forgotten] = index < 0 ? [] : this.#frames.splice(index, 1);
    if (forgotten !== undefined) this.#frames[index - 1]?.absorb(forgotten);
  }

  /** Everything as it was at the mark, which stays; later ones are gone. Nothing else may write meanwhile. */
  async revert(mark: number): Promise<void> {
    const index = this.#frames.findIndex((frame) => frame.mark === mark);
    assert(index >= 0, "the mark is remembered");
    const undone = new Frame(mark);
    for (const frame of this.#frames.splice(index)) undone.absorb(frame);
    this.#frames.push(new Frame(mark));
    await this.#inner.write(
      [...undone.settled()].map(({ name, before }) => {
        const key = new Uint8Array(Buffer.from(name, "latin1"));
        return before === undefined ? { type: "del", key } : { type: "put", key, value: before };
      }),
    );
  }

  /** Other content instead of all there is; marks are forgotten. */
  async replace(content: readonly (readonly [Uint8Array, Uint8Array])[]): Promise<void> {
    this.#frames.length = 0;
    const old = await this.content();
    await this.#inner.write([
      ...old.map(([key]) => ({ type: "del", key }) as const),
      ...content.map(([key, value]) => ({ type: "put", key, value }) as const),
    ]);
  }

  content(): ReturnType<KeyValueStore["entries"]> {
    return this.#inner.entries(WHOLE_RANGE);
  }

  /** The store outlives the nodes that stand on it; see `end`. */
  async close(): Promise<void> {}

  end(): Promise<void> {
    return this.#inner.close();
  }
}

/** Tables begin with one byte each, far below the last. */
const WHOLE_RANGE: KeyRange = { from: new Uint8Array(0), to: Uint8Array.of(0xff) };
