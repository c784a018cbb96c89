// The disk of one process. Writes are there at once; only what was synced outlives a crash, and what was not may be lost,
// torn, or there after all.
import { assert, newBytes, OperationError } from "@festina/primitives";
import type { Disk, LogFile } from "@festina/storage";
import type { FaultCounts } from "./faultCounts.ts";
import type { Dice } from "./streams.ts";

/** Bytes as they were before a write that is not synced yet. */
interface Undo {
  readonly at: number;
  readonly old: Uint8Array;
}

interface SimFile {
  /** What the process reads back, and room to grow. */
  buffer: Uint8Array;
  size: number;
  /** What a crash leaves for certain: this many bytes, with every undo applied. */
  durableSize: number;
  undo: Undo[];
}

export type DiskImage = ReadonlyMap<string, Uint8Array>;

const NOTHING = new Uint8Array(0);
const ROOM_MIN = 4_096;

const newFile = (bytes: Uint8Array): SimFile => ({
  buffer: bytes.slice(),
  size: bytes.length,
  durableSize: bytes.length,
  undo: [],
});

function makeRoom(file: SimFile, size: number): void {
  if (size <= file.buffer.length) return;
  // Nobody reads beyond what was written.
  const grown = new Uint8Array(Buffer.allocUnsafeSlow(Math.max(ROOM_MIN, size * 2)).buffer);
  grown.set(file.buffer.subarray(0, file.size));
  file.buffer = grown;
}

/** Remembers what stands between `at` and `end` and was synced. */
function remember(file: SimFile, at: number, end: number): void {
  const from = Math.min(at, file.durableSize);
  const to = Math.min(end, file.durableSize, file.size);
  if (to <= from) return;
  const old = newBytes(to - from);
  old.set(file.buffer.subarray(from, to));
  file.undo.push({ at: from, old });
}

function settle(file: SimFile): void {
  file.durableSize = file.size;
  if (file.undo.length > 0) file.undo = [];
}

/** As a crash that loses everything would leave it. */
function durableBytes({ buffer, size, durableSize, undo }: SimFile): Uint8Array {
  const bytes = new Uint8Array(durableSize);
  bytes.set(buffer.subarray(0, Math.min(size, durableSize)));
  for (const { at, old } of [...undo].reverse()) bytes.set(old, at);
  return bytes;
}

export class SimDisk implements Disk {
  readonly #dice: Dice;
  readonly #counts: FaultCounts;
  #files = new Map<string, SimFile>();
  isFull = false;
  isSyncBroken = false;

  constructor(dice: Dice, counts: FaultCounts) {
    this.#dice = dice;
    this.#counts = counts;
  }

  exists(name: string): boolean {
    return this.#files.has(name);
  }

  open(name: string): LogFile {
    this.#file(name);
    const sizeOf = (): number => this.#size(name);
    return {
      get size() {
        return sizeOf();
      },
      readAll: () => this.#read(name),
      append: (bytes) => this.#write(name, this.#size(name), bytes),
      overwrite: (offset, bytes) => {
        assert(offset + bytes.length <= this.#size(name), "only bytes that are there are overwritten");
        this.#write(name, offset, bytes);
      },
      truncate: (size) => this.#truncate(name, size),
      sync: () => this.#sync(name),
      close: () => undefined,
    };
  }

  replace(name: string, bytes: Uint8Array): void {
    this.#refuse(name);
    if (this.isSyncBroken) this.#refuseSync(name);
    this.#files.set(name, newFile(bytes));
  }

  #read(name: string): Uint8Array {
    const file = this.#files.get(name);
    return file === undefined ? NOTHING : file.buffer.slice(0, file.size);
  }

  #size(name: string): number {
    return this.#files.get(name)?.size ?? 0;
  }

  #refuse(name: string): void {
    if (!this.isFull) return;
    this.#counts.note("diskFull");
    throw new OperationError("DISK_FULL", `no space left for ${name}`);
  }

  #refuseSync(name: string): never {
    this.#counts.note("fsyncError");
    throw new OperationError("SYNC_FAILED", `cannot sync ${name}`);
  }

  #write(name: string, at: number, bytes: Uint8Array): void {
    this.#refuse(name);
    const file = this.#file(name);
    remember(file, at, at + bytes.length);
    makeRoom(file, at + bytes.length);
    file.buffer.set(bytes, at);
    file.size = Math.max(file.size, at + bytes.length);
  }

  #truncate(name: string, size: number): void {
    const file = this.#file(name);
    remember(file, size, file.size);
    file.size = Math.min(file.size, size);
  }

  #sync(name: string): void {
    if (this.isSyncBroken) this.#refuseSync(name);
    settle(this.#file(name));
  }

  /** Bytes of each file. */
  get sizes(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#files].map(([name, { size }]) => [name, size]));
  }

  /** The process ended without warning. Each file keeps what was synced, and of the rest what chance leaves. */
  crash(): void {
    for (const [name, file] of this.#files) {
      if (file.undo.length === 0 && file.size === file.durableSize) continue;
      this.#files.set(name, newFile(this.#torn(file)));
    }
  }

  #torn(file: SimFile): Uint8Array {
    const durable = durableBytes(file);
    const bytes = file.buffer.subarray(0, file.size);
    const fate = this.#dice.below(3);
    if (fate === 0) return durable;
    if (fate === 1) return bytes;
    this.#counts.note("crashInWrite");
    // A prefix of the new bytes over the old ones: sectors reach the disk one by one.
    const kept = this.#dice.below(bytes.length + 1);
    const torn = new Uint8Array(Math.max(kept, durable.length));
    torn.set(durable);
    torn.set(bytes.subarray(0, kept));
    return torn;
  }

  image(): DiskImage {
    return new Map([...this.#files].map(([name, file]) => [name, durableBytes(file)]));
  }

  /** The disk of another day, or of another machine. */
  restore(image: DiskImage): void {
    this.#files = new Map([...image].map(([name, bytes]) => [name, newFile(bytes)]));
  }

  wipe(): void {
    this.#files = new Map();
  }

  /** One bit of one file turns over; false when there is nothing to rot. */
  rot(): boolean {
    const name = this.#anyFile(0);
    if (name === null) return false;
    this.#overwrite(name, this.#dice.below(this.#size(name)), (byte) => byte ^ (1 << this.#dice.below(8)));
    return true;
  }

  /** A block meant for elsewhere lands in the middle of a file; false when no file is large enough. */
  misdirect(bytes: number): boolean {
    const name = this.#anyFile(bytes);
    if (name === null) return false;
    const start = this.#dice.below(this.#size(name) - bytes);
    for (let at = start; at < start + bytes; at++) this.#overwrite(name, at, () => this.#dice.below(256));
    return true;
  }

  #anyFile(largerThan: number): string | null {
    const names = [...this.#files.keys()].filter((name) => this.#size(name) > largerThan);
    return names.length === 0 ? null : this.#dice.pick(names);
  }

  #overwrite(name: string, at: number, change: (byte: number) => number): void {
    const { buffer } = this.#file(name);
    buffer[at] = change(buffer[at] as number);
  }

  #file(name: string): SimFile {
    let file = this.#files.get(name);
    if (file === undefined) {
      file = newFile(NOTHING);
      this.#files.set(name, file);
    }
    return file;
  }
}
