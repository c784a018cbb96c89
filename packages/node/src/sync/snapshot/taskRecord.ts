import { asciiToBytes, assert, encodeRlp, hexToBytes, type Result, readRlp, rlpInteger } from "@festina/primitives";
import { type KeyValueStore, prefixEnd, TABLE, tableKey, type WriteBatch } from "@festina/storage";
import { type StateTask, taskName } from "./statePlan.ts";

/** How a task lies on disk: under its name, so that what is left of it replaces what it was. */

const KEY = { exact: 32 } as const;
const taskKey = (task: StateTask): Uint8Array => tableKey(TABLE.syncTask, asciiToBytes(taskName(task)));

function encodeTask(task: StateTask): Uint8Array {
  if (task.kind === "accounts") return encodeRlp([rlpInteger(0), rlpInteger(task.index), task.from, task.to]);
  if (task.kind === "slots") return encodeRlp([rlpInteger(1), hexToBytes(task.root), task.from]);
  return encodeRlp([rlpInteger(2), hexToBytes(task.hash)]);
}

function decodeTask(bytes: Uint8Array): Result<StateTask> {
  return readRlp(bytes, "syncTask", (reader): StateTask => {
    const kind = reader.number("kind");
    if (kind === 0)
      return {
        kind: "accounts",
        index: reader.number("index"),
        from: reader.bytes("from", KEY),
        to: reader.bytes("to", KEY),
      };
    if (kind === 1) return { kind: "slots", root: reader.hash("root"), from: reader.bytes("from", KEY) };
    reader.expect(kind === 2, "no such kind of task");
    return { kind: "code", hash: reader.hash("hash") };
  });
}

export function saveTasks(batch: WriteBatch, changed: readonly StateTask[], done: readonly StateTask[]): void {
  for (const task of done) batch.del(taskKey(task));
  for (const task of changed) batch.put(taskKey(task), encodeTask(task));
}

const PAGE = 1_000;

export async function loadTasks(store: KeyValueStore): Promise<readonly StateTask[]> {
  const tasks: StateTask[] = [];
  const to = prefixEnd(tableKey(TABLE.syncTask));
  for (let from = tableKey(TABLE.syncTask); ; ) {
    const page = await store.entries({ from, to, max: PAGE });
    for (const [, value] of page) {
      const task = decodeTask(value);
      assert(task.ok, "a stored task is damaged");
      tasks.push(task.value);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return tasks;
    from = Uint8Array.of(...last[0], 0);
  }
}
