import type { KeyRange, KeyValueStore, WriteOperation } from "@festina/storage";

/** What was under each key before the first write after a snapshot; `undefined` for nothing. */
type Frame = Map<string, { readonly key: Uint8Array; readonly before: Uint8Array | undefined }>;

/**
 * A store that remembers, from each snapshot on, what its writes replaced, and can go back. Blocks, states and whatever
 * else a node keeps go back together, and no part of the node has to know of it. Without a snapshot it costs nothing.
 */
export class UndoStore implements KeyValueStore {
  readonly #inner: KeyValueStore;
  readonly #frames: Frame[] = [];

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

  #note(frame: Frame, key: Uint8Array): void {
    const name = Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
    if (!frame.has(name)) frame.set(name, { key, before: this.#inner.get(key) });
  }

  /** How many snapshots there are. */
  get depth(): number {
    return this.#frames.length;
  }

  /** The first snapshot can be gone back to no more. */
  forgetOldest(): void {
    this.#frames.shift();
  }

  snapshot(): void {
    this.#frames.push(new Map());
  }

  /** Everything as it was when there were `depth` snapshots and another one was taken. Nothing else may write meanwhile. */
  async revert(depth: number): Promise<void> {
    const oldest: Frame = new Map();
    for (const frame of this.#frames.splice(depth).reverse())
      for (const [name, entry] of frame) oldest.set(name, entry);
    await this.#inner.write(
      [...oldest.values()].map(({ key, before }) =>
        before === undefined ? { type: "del", key } : { type: "put", key, value: before },
      ),
    );
  }

  /** Other content instead of all there is; snapshots are forgotten. */
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
