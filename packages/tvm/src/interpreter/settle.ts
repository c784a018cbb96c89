// After a run that succeeded: what it changed goes to the view, and what it leaves is read out of the kernel's records.
import type { Address, Hash32 } from "@festina/primitives";
import type { Log } from "@festina/types";
import { EMPTY_CODE_HASH, readAccount } from "../account.ts";
import type { StateView } from "../ports.ts";
import type { AccountNames } from "./accountNames.ts";
import { ACCOUNT, ACCOUNT_FLAG, CHANGE, type KernelExports, LOG } from "./kernel.ts";
import { type KernelMemory, WORD_BYTES } from "./kernelMemory.ts";
import type { WordTexts } from "./wordTexts.ts";

export interface Traces {
  readonly touched: readonly Address[];
  readonly selfDestructed: readonly Address[];
  readonly logs: readonly Log[];
}

const LOG_ALIGNMENT = 16;

export interface EndedRun {
  readonly kernel: KernelExports;
  readonly memory: KernelMemory;
  readonly view: StateView;
  readonly names: AccountNames;
  readonly hashes: WordTexts<Hash32>;
}

/** Writes accounts with their code, then slots. */
export function settle(run: EndedRun): Traces {
  const { kernel, memory, names, view } = run;
  const touched: Address[] = [];
  const selfDestructed: Address[] = [];
  const first = kernel.accountsPointer();
  const end = first + kernel.accountCount() * ACCOUNT.bytes;
  const keepCode = createCodeKeeper(run);
  for (let at = first; at < end; at += ACCOUNT.bytes) {
    const flags = memory.u32(at + ACCOUNT.flags);
    if ((flags & (ACCOUNT_FLAG.isTouched | ACCOUNT_FLAG.isChanged)) === 0) continue;
    if (flags & ACCOUNT_FLAG.isTouched && mayBeEmpty(memory, at, flags)) touched.push(names.of(at));
    if (flags & ACCOUNT_FLAG.isDestructed) selfDestructed.push(names.of(at));
    if ((flags & ACCOUNT_FLAG.isChanged) === 0 || (flags & ACCOUNT_FLAG.exists) === 0) continue;
    const address = names.of(at);
    view.putAccount(address, {
      nonce: memory.u64(at + ACCOUNT.nonce),
      balanceWei: memory.word(at + ACCOUNT.balance),
      codeHash: flags & ACCOUNT_FLAG.hasNewCode ? keepCode(at) : readAccount(view, address).codeHash,
    });
  }
  putSlots(run);
  return { touched, selfDestructed, logs: readLogs(run) };
}

/** Nonce 0, balance 0, no code (EIP-161), as far as the run has looked. */
function mayBeEmpty(memory: KernelMemory, account: number, flags: number): boolean {
  if ((flags & ACCOUNT_FLAG.isLoaded) === 0) return true;
  if (flags & ACCOUNT_FLAG.hasCode) return false;
  return memory.isZero(account + ACCOUNT.nonce, 8) && memory.isZero(account + ACCOUNT.balance, WORD_BYTES);
}

/** Keeps new code, that of twins made one after the other once. @returns its hash */
function createCodeKeeper({ memory, view, hashes }: EndedRun): (account: number) => Hash32 {
  let newest = 0;
  let hash = EMPTY_CODE_HASH;
  return (account) => {
    const pointer = memory.u32(account + ACCOUNT.code);
    if (pointer === newest) return hash;
    newest = pointer;
    hash = hashes.of(account + ACCOUNT.codeHash);
    view.keepCode(hash, memory.read(pointer, memory.u32(account + ACCOUNT.codeLength)));
    return hash;
  };
}

function putSlots({ kernel, memory, view, names }: EndedRun): void {
  const count = kernel.collectChanges();
  const slots = kernel.changesPointer();
  const accounts = kernel.changedAccountsPointer();
  for (let from = 0, to = 0; from < count; from = to) {
    const account = memory.u32(accounts + 4 * from);
    for (to = from + 1; to < count && memory.u32(accounts + 4 * to) === account; ) to += 1;
    const at = slots + from * CHANGE.bytes;
    if (view.words !== undefined) view.words.write(names.of(account), memory.numbers, at >>> 2, to - from);
    else putEach(memory, view, names.of(account), at, to - from);
  }
}

function putEach(memory: KernelMemory, view: StateView, address: Address, from: number, count: number): void {
  for (let at = from; at < from + count * CHANGE.bytes; at += CHANGE.bytes)
    view.putStorage(address, memory.word(at + CHANGE.key), memory.word(at + CHANGE.value));
}

/** Their data are views of one copy. */
function readLogs({ kernel, memory, names, hashes }: EndedRun): readonly Log[] {
  const logs: Log[] = [];
  const first = kernel.logsPointer() >>> 0;
  const end = kernel.logsEnd() >>> 0;
  if (first === end) return logs;
  const copy = memory.read(first, end - first);
  for (let at = first; at < end; ) {
    const topicCount = memory.u32(at + LOG.topicCount);
    const length = memory.u32(at + LOG.length);
    // Of the right length from the start: lists that grow begin with room for more than any log has.
    const topics = new Array<Hash32>(topicCount);
    for (let index = 0; index < topicCount; index++) topics[index] = hashes.of(at + LOG.topics + index * WORD_BYTES);
    const data = at + LOG.topics + topicCount * WORD_BYTES;
    const address = names.of(memory.u32(at + LOG.account));
    logs.push({ address, topics, data: copy.subarray(data - first, data - first + length) });
    at = LOG_ALIGNMENT * Math.ceil((data + length) / LOG_ALIGNMENT);
  }
  return logs;
}
