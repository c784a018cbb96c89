// What the kernel has not seen yet of the world, when it asks: accounts, slots, code, hashes of blocks.
import { EMPTY_CODE_HASH } from "../account.ts";
import type { BlockContext } from "../blockContext.ts";
import type { StateView } from "../ports.ts";
import type { AccountNames } from "./accountNames.ts";
import type { CodeStore, LoadedCode } from "./codeStore.ts";
import { ACCOUNT, ACCOUNT_FLAG, CODE, type KernelHost, SLOT } from "./kernel.ts";
import type { KernelMemory } from "./kernelMemory.ts";

/** What the run is about. */
export interface CurrentRun {
  readonly view: StateView;
  readonly block: BlockContext;
}

export interface HostPorts {
  run(): CurrentRun;
  /** Up to date: the kernel may have grown it since. */
  memory(): KernelMemory;
  codes(): CodeStore;
  names(): AccountNames;
}

const BLOCK_HASHES = 256n;

export function createStateHost(ports: HostPorts): KernelHost {
  return {
    loadAccount: (at) => {
      const { view } = ports.run();
      const address = ports.names().of(at);
      const account = view.getAccount(address);
      const storage = view.mayHaveStorage(address) ? ACCOUNT_FLAG.mayHaveStorage : 0;
      if (account === null) return storage;
      const memory = ports.memory();
      memory.setWord(at + ACCOUNT.balance, account.balanceWei);
      memory.setU64(at + ACCOUNT.nonce, account.nonce);
      if (account.codeHash === EMPTY_CODE_HASH) return storage | ACCOUNT_FLAG.exists;
      memory.setHash(at + ACCOUNT.codeHash, account.codeHash);
      return storage | ACCOUNT_FLAG.exists | ACCOUNT_FLAG.hasCode;
    },
    loadCode: (at) => {
      const { view } = ports.run();
      const address = ports.names().of(at);
      // The view is as it was when the run began.
      const hash = view.getAccount(address)?.codeHash ?? EMPTY_CODE_HASH;
      const loaded = ports.codes().load(hash, () => view.getCode(address));
      writeCode(ports.memory(), at + ACCOUNT.code, loaded);
    },
    loadSlot: (at) => {
      const memory = ports.memory();
      const { view } = ports.run();
      const address = ports.names().of(memory.u32(at + SLOT.account));
      if (view.words === undefined) memory.setWord(at + SLOT.value, view.getStorage(address, memory.word(at)));
      else view.words.read(address, memory.numbers, (at + SLOT.key) >>> 2, (at + SLOT.value) >>> 2);
    },
    hasStorage: (at) => (ports.run().view.hasStorage(ports.names().of(at)) ? 1 : 0),
    placeInitCode: (from, length, to) => {
      const memory = ports.memory();
      writeCode(memory, to, ports.codes().place(memory.read(from, length)));
    },
    placeCode: (from, length, at) => {
      const memory = ports.memory();
      const hash = memory.hash(at + ACCOUNT.codeHash);
      writeCode(
        memory,
        at + ACCOUNT.code,
        ports.codes().load(hash, () => memory.read(from, length)),
      );
    },
    blockHashOf: (at) => {
      const { block } = ports.run();
      const memory = ports.memory();
      const number = memory.word(at);
      const distance = BigInt(block.number) - number;
      const isKnown = distance > 0n && distance <= BLOCK_HASHES;
      memory.setWord(at, isKnown ? BigInt(block.getBlockHash(Number(number))) : 0n);
    },
  };
}

function writeCode(memory: KernelMemory, at: number, code: LoadedCode): void {
  memory.setU32(at + CODE.pointer, code.pointer);
  memory.setU32(at + CODE.length, code.length);
  memory.setU32(at + CODE.jumpTargets, code.jumpTargets);
  memory.setU32(at + CODE.functions, code.compiled?.functions ?? 0);
  memory.setU32(at + CODE.runner, code.compiled?.runner ?? 0);
}
