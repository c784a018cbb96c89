// After a run that succeeded: what it changed goes to the view, and what it leaves is read out of the kernel's records.
import type { Address, Hash32 } from "@festina/primitives";
import type { Log } from "@festina/types";
import { EMPTY_CODE_HASH } from "../account.ts";
import type { StateView } from "../ports.ts";
import { ACCOUNT, ACCOUNT_FLAG, type KernelExports, LOG, SLOT } from "./kernel.ts";
import { type KernelMemory, WORD_BYTES } from "./kernelMemory.ts";

export interface Traces {
  readonly touched: readonly Address[];
  readonly selfDestructed: readonly Address[];
  readonly logs: readonly Log[];
}

const LOG_ALIGNMENT = 16;

/** Writes accounts, then slots. */
export function settle(kernel: KernelExports, memory: KernelMemory, view: StateView): Traces {
  const touched: Address[] = [];
  const selfDestructed: Address[] = [];
  const first = kernel.accountsPointer();
  const end = first + kernel.accountCount() * ACCOUNT.bytes;
  for (let at = first; at < end; at += ACCOUNT.bytes) {
    const flags = memory.u32(at + ACCOUNT.flags);
    if ((flags & (ACCOUNT_FLAG.isTouched | ACCOUNT_FLAG.isChanged)) === 0) continue;
    const address = memory.address(at);
    if (flags & ACCOUNT_FLAG.isTouched) touched.push(address);
    if (flags & ACCOUNT_FLAG.isDestructed) selfDestructed.push(address);
    if (flags & ACCOUNT_FLAG.isChanged && flags & ACCOUNT_FLAG.exists) putAccount(memory, view, at, address, flags);
  }
  putSlots(kernel, memory, view);
  return { touched, selfDestructed, logs: readLogs(kernel, memory) };
}

function putAccount(memory: KernelMemory, view: StateView, at: number, address: Address, flags: number): void {
  const isNew = (flags & ACCOUNT_FLAG.hasNewCode) !== 0;
  view.putAccount(address, {
    nonce: memory.u64(at + ACCOUNT.nonce),
    balanceWei: memory.word(at + ACCOUNT.balance),
    codeHash: isNew ? EMPTY_CODE_HASH : memory.hash(at + ACCOUNT.codeHash),
  });
  if (isNew) view.putCode(address, memory.read(memory.u32(at + ACCOUNT.code), memory.u32(at + ACCOUNT.codeLength)));
}

function putSlots(kernel: KernelExports, memory: KernelMemory, view: StateView): void {
  const first = kernel.slotsPointer();
  const end = first + kernel.slotCount() * SLOT.bytes;
  const addressOf = createAddressReader(memory);
  for (let at = first; at < end; at += SLOT.bytes) {
    if (memory.isSameWord(at + SLOT.value, at + SLOT.original)) continue;
    const address = addressOf(memory.u32(at + SLOT.account));
    view.putStorage(address, memory.word(at + SLOT.key), memory.word(at + SLOT.value));
  }
}

/** Their data are views of one copy. */
function readLogs(kernel: KernelExports, memory: KernelMemory): readonly Log[] {
  const logs: Log[] = [];
  const first = kernel.logsPointer() >>> 0;
  const end = kernel.logsEnd() >>> 0;
  if (first === end) return logs;
  const copy = memory.read(first, end - first);
  const addressOf = createAddressReader(memory);
  const topicOf = createTopicReader(memory);
  for (let at = first; at < end; ) {
    const topicCount = memory.u32(at + LOG.topicCount);
    const length = memory.u32(at + LOG.length);
    const topics: Hash32[] = [];
    for (let index = 0; index < topicCount; index++) topics.push(topicOf(at + LOG.topics + index * WORD_BYTES, index));
    const data = at + LOG.topics + topicCount * WORD_BYTES;
    const address = addressOf(memory.u32(at + LOG.account));
    logs.push({ address, topics, data: copy.subarray(data - first, data - first + length) });
    at = LOG_ALIGNMENT * Math.ceil((data + length) / LOG_ALIGNMENT);
  }
  return logs;
}

/** Text costs more than all the rest: what comes in rows is made once for each row. */
function createAddressReader(memory: KernelMemory): (account: number) => Address {
  let newest = { account: -1, address: "" as Address };
  return (account) => {
    if (account !== newest.account) newest = { account, address: memory.address(account) };
    return newest.address;
  };
}

/** By place among the topics: that of the log before is often the same. */
function createTopicReader(memory: KernelMemory): (at: number, index: number) => Hash32 {
  const newest: { at: number; topic: Hash32 }[] = [];
  return (at, index) => {
    const known = newest[index];
    const topic = known !== undefined && memory.isSameWord(at, known.at) ? known.topic : memory.hash(at);
    newest[index] = { at, topic };
    return topic;
  };
}
