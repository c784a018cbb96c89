import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { assert, OperationError } from "@festina/primitives";
import type { Disk, LogFile } from "@festina/storage";

function failure(action: string, path: string, cause: unknown): OperationError {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? "unknown error";
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  return new OperationError(isFull ? "DISK_FULL" : "DISK_FAILED", `cannot ${action} ${path}: ${code}`, cause);
}

function attempt<T>(action: string, path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw failure(action, path, error);
  }
}

/** The entry of a file lies in its folder: without this a new or renamed file may be gone after a power failure. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** writeSync may write less than it was given. */
function writeWhole(handle: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(handle, bytes, done, bytes.length - done, position + done);
}

class FileLog implements LogFile {
  readonly #path: string;
  readonly #handle: number;
  #size: number;

  constructor(path: string, handle: number) {
    this.#path = path;
    this.#handle = handle;
    this.#size = fstatSync(handle).size;
  }

  get size(): number {
    return this.#size;
  }

  readAll(): Uint8Array {
    return attempt("read", this.#path, () => {
      const bytes = new Uint8Array(this.#size);
      let done = 0;
      while (done < bytes.length) {
        const count = readSync(this.#handle, bytes, done, bytes.length - done, done);
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    });
  }

  append(bytes: Uint8Array): void {
    attempt("write", this.#path, () => writeWhole(this.#handle, bytes, this.#size));
    this.#size += bytes.length;
  }

  overwrite(offset: number, bytes: Uint8Array): void {
    assert(offset + bytes.length <= this.#size, "only bytes that are there are overwritten");
    attempt("write", this.#path, () => writeWhole(this.#handle, bytes, offset));
  }

  truncate(size: number): void {
    assert(size <= this.#size, "a file is not grown by truncating it");
    attempt("truncate", this.#path, () => ftruncateSync(this.#handle, size));
    this.#size = size;
  }

  sync(): void {
    attempt("flush", this.#path, () => fdatasyncSync(this.#handle));
  }

  close(): void {
    closeSync(this.#handle);
  }
}

/** A folder of the machine, made when missing. @throws OperationError DISK_FULL, DISK_FAILED */
export function createFileDisk(folder: string): Disk {
  attempt("make", folder, () => mkdirSync(folder, { recursive: true }));
  return {
    exists: (name) => existsSync(join(folder, name)),
    open: (name) => {
      const path = join(folder, name);
      return attempt("open", path, () => {
        if (existsSync(path)) return new FileLog(path, openSync(path, "r+"));
        const made = new FileLog(path, openSync(path, "wx+", 0o600));
        syncFolder(folder);
        return made;
      });
    },
    replace: (name, bytes) => {
      const path = join(folder, name);
      attempt("replace", path, () => {
        const handle = openSync(`${path}.new`, "w", 0o600);
        try {
          writeWhole(handle, bytes, 0);
          fsyncSync(handle);
        } finally {
          closeSync(handle);
        }
        renameSync(`${path}.new`, path);
        syncFolder(folder);
      });
    },
  };
}
