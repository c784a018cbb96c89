import { assert } from "@festina/primitives";
import type { KeyRange, KeyValueStore, WriteOperation } from "@festina/storage";

/** What was under each key before the first write after a mark; `undefined` for nothing. */
interface Frame {
  readonly mark: number;
  readonly replaced: Map<string, { readonly key: Uint8Array; readonly before: Uint8Array | undefined }>;
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
    if (frame !== undefined) for (const { key } of batch) this.#note(frame, key);
    return this.#inner.write(batch);
  }

  #note({ replaced }: Frame, key: Uint8Array): void {
    const name = Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
    if (!replaced.has(name)) replaced.set(name, { key, before: this.#inner.get(key) });
  }

  /** Answers with the name of this moment, to which it can go back until that is forgotten. */
  mark(): number {
    const mark = ++this.#serial;
    this.#frames.push({ mark, replaced: new Map() });
    return mark;
  }

  /** How many keys were written after the mark and before the next one. */
  writtenAfter(mark: number): number {
    return this.#frames.findLast((frame) => frame.mark === mark)?.replaced.size ?? 0;
  }

  /** It cannot go back to this moment any more; to those before it, it can. */
  forget(mark: number): void {
    const index = this.#frames.findIndex((frame) => frame.mark === mark);
    const [forgotten] = index < 0 ? [] : this.#frames.splice(index, 1);
    const earlier = this.#frames[index - 1];
    if (forgotten === undefined || earlier === undefined) return;
    for (const [name, entry] of forgotten.replaced) if (!earlier.replaced.has(name)) earlier.replaced.set(name, entry);
  }

  /** Everything as it was at the mark, which stays; later ones are gone. Nothing else may write meanwhile. */
  async revert(mark: number): Promise<void> {
    const index = this.#frames.findIndex((frame) => frame.mark === mark);
    assert(index >= 0, "the mark is remembered");
    const oldest: Frame["replaced"] = new Map();
    for (const { replaced } of this.#frames.splice(index).reverse())
      for (const [name, entry] of replaced) oldest.set(name, entry);
    this.#frames.push({ mark, replaced: new Map() });
    await this.#inner.write(
      [...oldest.values()].map(({ key, before }) =>
        before === undefined ? { type: "del", key } : { type: "put", key, value: before },
      ),
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
