// What the kernel has not seen yet of the world, when it asks: accounts, slots, code, hashes of blocks.
import type { Address } from "@festina/primitives";
import { EMPTY_CODE_HASH } from "../account.ts";
import type { BlockContext } from "../blockContext.ts";
import type { StateView } from "../ports.ts";
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
}

const BLOCK_HASHES = 256n;

/** Of the accounts whose slots are asked for; records have their places for one run. */
function createOwnerReader(ports: HostPorts): (account: number) => Address {
  let newest: { readonly run: CurrentRun; readonly account: number; readonly address: Address } | null = null;
  return (account) => {
    const run = ports.run();
    if (newest?.run !== run || newest.account !== account)
      newest = { run, account, address: ports.memory().address(account) };
    return newest.address;
  };
}

export function createStateHost(ports: HostPorts): KernelHost {
  const ownerOf = createOwnerReader(ports);
  return {
    loadAccount: (at) => {
      const memory = ports.memory();
      const account = ports.run().view.getAccount(memory.address(at));
      const flags = memory.u32(at + ACCOUNT.flags);
      if (account === null) {
        memory.setWord(at + ACCOUNT.balance, 0n);
        memory.setU64(at + ACCOUNT.nonce, 0n);
        memory.setHash(at + ACCOUNT.codeHash, EMPTY_CODE_HASH);
        return;
      }
      memory.setWord(at + ACCOUNT.balance, account.balanceWei);
      memory.setU64(at + ACCOUNT.nonce, account.nonce);
      memory.setHash(at + ACCOUNT.codeHash, account.codeHash);
      const hasCode = account.codeHash !== EMPTY_CODE_HASH;
      memory.setU32(at + ACCOUNT.flags, flags | ACCOUNT_FLAG.exists | (hasCode ? ACCOUNT_FLAG.hasCode : 0));
    },
    loadCode: (at) => {
      const memory = ports.memory();
      const code = ports.run().view.getCode(memory.address(at));
      writeCode(memory, at + ACCOUNT.code, ports.codes().load(memory.hash(at + ACCOUNT.codeHash), code));
    },
    loadSlot: (at) => {
      const memory = ports.memory();
      const address = ownerOf(memory.u32(at + SLOT.account));
      memory.setWord(at + SLOT.value, ports.run().view.getStorage(address, memory.word(at)));
    },
    hasStorage: (at) => (ports.run().view.hasStorage(ports.memory().address(at)) ? 1 : 0),
    placeInitCode: (from, length, to) => {
      const memory = ports.memory();
      writeCode(memory, to, ports.codes().place(memory.read(from, length)));
    },
    placeCode: (from, length, at) => {
      const memory = ports.memory();
      const hash = memory.hash(at + ACCOUNT.codeHash);
      writeCode(memory, at + ACCOUNT.code, ports.codes().load(hash, memory.read(from, length)));
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
