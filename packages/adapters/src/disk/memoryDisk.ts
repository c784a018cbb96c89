import { assert, concatBytes, OperationError } from "@festina/primitives";
import type { Disk, LogFile } from "@festina/storage";

/** A disk that lives as long as the process, for nodes that keep nothing. */
export function createMemoryDisk(): Disk {
  const files = new Map<string, Uint8Array>();
  const contents = (name: string): Uint8Array => {
    const bytes = files.get(name);
    if (bytes === undefined) throw new OperationError("DISK_FAILED", `there is no file ${name}`);
    return bytes;
  };
  const openFile = (name: string): LogFile => ({
    get size() {
      return contents(name).length;
    },
    readAll: () => contents(name).slice(),
    append: (bytes) => void files.set(name, concatBytes(contents(name), bytes)),
    overwrite: (offset, bytes) => {
      assert(offset + bytes.length <= contents(name).length, "only bytes that are there are overwritten");
      contents(name).set(bytes, offset);
    },
    truncate: (size) => void files.set(name, contents(name).slice(0, size)),
    sync: () => undefined,
    close: () => undefined,
  });
  return {
    exists: (name) => files.has(name),
    open: (name) => {
      if (!files.has(name)) files.set(name, new Uint8Array(0));
      return openFile(name);
    },
    replace: (name, bytes) => void files.set(name, bytes.slice()),
  };
}
