/**
 * A file of consensus: synchronous, because nothing may be signed before it is on disk. Everything here throws
 * OperationError when the disk fails; what was written since the last `sync` is then lost or not, nobody knows.
 */
export interface LogFile {
  /** Bytes, as written so far. */
  readonly size: number;
  readAll(): Uint8Array;
  append(bytes: Uint8Array): void;
  /** Over bytes that are there already. */
  overwrite(offset: number, bytes: Uint8Array): void;
  truncate(size: number): void;
  /** Returns when everything written survives a power failure. */
  sync(): void;
  close(): void;
}

/** The folder that they lie in. Names are plain: no separators. */
export interface Disk {
  exists(name: string): boolean;
  /** Makes an empty file when there is none. One opener at a time. */
  open(name: string): LogFile;
  /** Puts a file of these bytes in place of what had the name: on return it is on disk, and at no moment half of it is. */
  replace(name: string, bytes: Uint8Array): void;
}
