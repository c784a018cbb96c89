import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { OperationError } from "@festina/primitives";
import type { KeyRange, KeyValueStore, WriteOperation } from "@festina/storage";
import type { ClassicLevel } from "classic-level";

/** The store on disk: LevelDB. Its log makes a batch atomic; `sync` makes it reach the disk before the answer. */

export interface LevelStoreOptions {
  /** Blocks of the files kept decompressed in memory. */
  readonly cacheBytes?: number;
  /** Changes gathered in memory, and in the log, before they become a sorted file. */
  readonly writeBufferBytes?: number;
}

const CACHE_BYTES = 32 * 1024 * 1024;
const WRITE_BUFFER_BYTES = 16 * 1024 * 1024;
/** Each is mapped into memory. With LevelDB's thousand they would come to be most of a node's memory. */
const OPEN_FILES_MAX = 64;
/** The least that LevelDB takes; it would make them twice as large. */
const FILE_BYTES = 1024 * 1024;
const SMALL_BATCH_BYTES = 64 * 1024;

type Database = ClassicLevel<Uint8Array, Uint8Array>;

/**
 * Opens `folder`, which is made when it is missing.
 * @throws OperationError STORE_LOCKED when another process has it open, STORE_OPEN_FAILED for anything else
 */
export async function openLevelStore(folder: string, options: LevelStoreOptions = {}): Promise<KeyValueStore> {
  // A native library, which a chain in memory has no use for. Not by `import`: the bundled command, which runs from kept
  // code, has nobody to ask for it.
  const { ClassicLevel: Level } = createRequire(import.meta.url)("classic-level") as typeof import("classic-level");
  requireCurrent(folder);
  const database: Database = new Level(folder, {
    keyEncoding: "view",
    valueEncoding: "view",
    cacheSize: options.cacheBytes ?? CACHE_BYTES,
    writeBufferSize: options.writeBufferBytes ?? WRITE_BUFFER_BYTES,
    maxOpenFiles: OPEN_FILES_MAX,
    maxFileSize: FILE_BYTES,
  });
  try {
    await database.open();
  } catch (error) {
    throw openFailure(folder, error);
  }
  return new LevelStore(database);
}

/** The last that a new database gets. Where it is missing, LevelDB takes the folder for new and deletes what lies there. */
const CURRENT = "CURRENT";

/** @throws OperationError STORE_OPEN_FAILED for a folder that held a database */
function requireCurrent(folder: string): void {
  if (!existsSync(folder) || existsSync(join(folder, CURRENT)) || !statSync(folder).isDirectory()) return;
  if (namesIn(folder).some((name) => /\.(ldb|sst|log)$/.test(name)))
    throw new OperationError("STORE_OPEN_FAILED", `cannot open the data folder ${folder}: its file ${CURRENT} is gone`);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw openFailure(folder, error);
  }
}

/** Rebuilds the tables of a folder that does not open, from what can be read. @throws OperationError STORE_REPAIR_FAILED */
export async function repairLevelStore(folder: string): Promise<void> {
  const { ClassicLevel: Level } = createRequire(import.meta.url)("classic-level") as typeof import("classic-level");
  try {
    await Level.repair(folder);
  } catch (error) {
    throw failure("STORE_REPAIR_FAILED", `the tables in ${folder} could not be rebuilt${reasonOf(error)}`, error);
  }
}

class LevelStore implements KeyValueStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    try {
      const value = this.#database.getSync(key);
      return value === undefined ? undefined : plainView(value);
    } catch (error) {
      throw failure("STORE_READ_FAILED", `reading from the store failed${reasonOf(error)}`, error);
    }
  }

  async entries(range: KeyRange): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
    try {
      const iterator = this.#database.iterator({
        gte: range.from,
        lt: range.to,
        reverse: range.reverse ?? false,
        // LevelDB's word for no limit is -1.
        limit: range.max ?? -1,
      });
      const entries = await iterator.all();
      return entries.map(([key, value]) => [plainView(key), plainView(value)] as const);
    } catch (error) {
      throw failure("STORE_READ_FAILED", `reading from the store failed${reasonOf(error)}`, error);
    }
  }

  async write(batch: readonly WriteOperation[], options: { readonly sync?: boolean } = {}): Promise<void> {
    const { sync = false } = options;
    try {
      if (isSmall(batch)) await this.#writeEach(batch, sync);
      else await this.#database.batch([...batch], { sync });
    } catch (error) {
      throw failure("STORE_WRITE_FAILED", `writing to the store failed${reasonOf(error)}`, error);
    }
  }

  /** A third of what a list costs, whose operations are copied, each with all options. */
  async #writeEach(batch: readonly WriteOperation[], sync: boolean): Promise<void> {
    const chained = this.#database.batch();
    for (const operation of batch) {
      if (operation.type === "put") chained.put(operation.key, operation.value);
      else chained.del(operation.key);
    }
    await chained.write({ sync });
  }

  async close(): Promise<void> {
    try {
      await this.#database.close();
    } catch (error) {
      throw failure("STORE_CLOSE_FAILED", "closing the store failed", error);
    }
  }
}

/** What is given one by one is freed by the garbage collector, which does not see how much it is. */
function isSmall(batch: readonly WriteOperation[]): boolean {
  let bytes = 0;
  for (const operation of batch)
    bytes += operation.key.length + (operation.type === "put" ? operation.value.length : 0);
  return bytes <= SMALL_BATCH_BYTES;
}

/** LevelDB answers Buffers, whose `slice` shares memory where a Uint8Array's copies. Same bytes, plain type. */
function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

function failure(code: string, message: string, cause: unknown): OperationError {
  if (codeOf(cause) === "LEVEL_DATABASE_NOT_OPEN")
    return new OperationError("STORE_CLOSED", "the store is closed", cause);
  return new OperationError(code, message, cause);
}

function openFailure(folder: string, error: unknown): OperationError {
  if (codeOf(fieldOf(error, "cause")) === "LEVEL_LOCKED") {
    return new OperationError("STORE_LOCKED", `another process uses this data folder: ${folder}`, error);
  }
  return new OperationError("STORE_OPEN_FAILED", `cannot open the data folder ${folder}${reasonOf(error)}`, error);
}

/** What the database itself says, in words: damage, permissions and a full disk are told apart by nothing else. */
function reasonOf(error: unknown): string {
  const inner = fieldOf(error, "cause");
  const said = fieldOf(inner ?? error, "message");
  return typeof said === "string" ? `: ${said}` : "";
}

function codeOf(error: unknown): unknown {
  return fieldOf(error, "code");
}

/** Asked of the object itself: an error of native code may come from another realm, where `instanceof` fails. */
function fieldOf(error: unknown, name: "code" | "cause" | "message"): unknown {
  return typeof error === "object" && error !== null ? (error as Record<string, unknown>)[name] : undefined;
}
