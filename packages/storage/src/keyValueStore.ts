/** One change of a batch. Later changes of a batch win over earlier ones. */
export type WriteOperation =
  | { readonly type: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: "del"; readonly key: Uint8Array };

export interface KeyRange {
  /** First key, included. */
  readonly from: Uint8Array;
  /** First key beyond the range. */
  readonly to: Uint8Array;
  readonly max?: number;
  readonly reverse?: boolean;
}

/**
 * The disk as the node sees it: an ordered map of byte strings. Reads by key are synchronous, because an executing
 * contract cannot wait; ranges and writes are not. A batch is atomic: after a crash all of it is there or none.
 */
export interface KeyValueStore {
  get(key: Uint8Array): Uint8Array | undefined;
  /** In byte order of the keys. */
  entries(range: KeyRange): Promise<readonly (readonly [key: Uint8Array, value: Uint8Array])[]>;
  /** `sync` waits until the batch survives a power failure, not only a crash of the process. */
  write(batch: readonly WriteOperation[], options?: { readonly sync?: boolean }): Promise<void>;
  close(): Promise<void>;
}
