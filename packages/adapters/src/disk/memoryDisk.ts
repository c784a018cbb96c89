import { assert, OperationError } from "@festina/primitives";
import type { Disk, LogFile } from "@festina/storage";

/** Room grows by doubling: a journal is appended to several times a block. */
class Content {
  #room: Uint8Array;
  #size: number;

  constructor(bytes: Uint8Array) {
    this.#room = bytes.slice();
    this.#size = bytes.length;
  }

  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#size);
  }

  append(bytes: Uint8Array): void {
    const size = this.#size + bytes.length;
    if (size > this.#room.length) {
      const room = new Uint8Array(2 * size);
      room.set(this.bytes);
      this.#room = room;
    }
    this.#room.set(bytes, this.#size);
    this.#size = size;
  }
}

/** A disk that lives as long as the process, for nodes that keep nothing. */
export function createMemoryDisk(): Disk {
  const files = new Map<string, Content>();
  const contents = (name: string): Content => {
    const content = files.get(name);
    if (content === undefined) throw new OperationError("DISK_FAILED", `there is no file ${name}`);
    return content;
  };
  const openFile = (name: string): LogFile => ({
    get size() {
      return contents(name).bytes.length;
    },
    readAll: () => contents(name).bytes.slice(),
    append: (bytes) => contents(name).append(bytes),
    overwrite: (offset, bytes) => {
      assert(offset + bytes.length <= contents(name).bytes.length, "only bytes that are there are overwritten");
      contents(name).bytes.set(bytes, offset);
    },
    truncate: (size) => void files.set(name, new Content(contents(name).bytes.subarray(0, size))),
    sync: () => undefined,
    close: () => undefined,
  });
  return {
    exists: (name) => files.has(name),
    open: (name) => {
      if (!files.has(name)) files.set(name, new Content(new Uint8Array(0)));
      return openFile(name);
    },
    replace: (name, bytes) => void files.set(name, new Content(bytes)),
  };
}
