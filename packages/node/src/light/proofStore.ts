// Trie nodes and codes that peers have sent with proof, in memory, each under its hash. Bounded: what was used last stays.
import { bytesToHex } from "@festina/primitives";
import type { KeyValueStore } from "@festina/storage";

type WriteOperation = Parameters<KeyValueStore["write"]>[0][number];

/** Two generations, so that what a question has just fetched outlives the next turn. */
export class ProofStore implements KeyValueStore {
  readonly #generationBytesMax: number;
  #young = new Map<string, Uint8Array>();
  #old = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(generationBytesMax: number) {
    this.#generationBytesMax = generationBytesMax;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const name = bytesToHex(key);
    return this.#young.get(name) ?? this.#old.get(name);
  }

  /** Nobody walks through it. */
  entries(): ReturnType<KeyValueStore["entries"]> {
    return Promise.resolve([]);
  }

  async write(batch: readonly WriteOperation[]): Promise<void> {
    if (this.#bytes > this.#generationBytesMax) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#bytes = 0;
    }
    for (const operation of batch) {
      if (operation.type !== "put") continue;
      this.#young.set(bytesToHex(operation.key), operation.value);
      this.#bytes += operation.key.length + operation.value.length;
    }
  }

  async close(): Promise<void> {
    this.#young.clear();
    this.#old.clear();
  }
}
