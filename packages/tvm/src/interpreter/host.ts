// What the kernel asks for while a frame runs: state, as the account whose frame it is sees it.
import { type Address, EMPTY_BYTES } from "@festina/primitives";
import { isEmptyAccount } from "../account.ts";
import type { BlockContext } from "../blockContext.ts";
import type { StateView } from "../ports.ts";
import type { KernelHost, KernelMemory } from "./kernel.ts";
import { PRICE } from "./price.ts";
import type { RunState } from "./runState.ts";

/** What the run is about. */
export interface CurrentRun {
  readonly view: StateView;
  readonly block: BlockContext;
  readonly state: RunState;
}

export interface HostPorts {
  run(): CurrentRun;
  /** Account whose storage the running frame uses. */
  address(): Address;
  /** Up to date: the kernel may have grown it since. */
  memory(): KernelMemory;
}

const BLOCK_HASHES = 256n;
const WORD_BYTES = 32;

/** What access costs, warm afterwards. */
export function accessPrice(state: RunState, address: Address): number {
  return state.warm(address) ? PRICE.coldAccount : PRICE.warmAccess;
}

export function createHost(ports: HostPorts): KernelHost {
  return { ...slotFunctions(ports), ...accountFunctions(ports) };
}

function slotFunctions(
  ports: HostPorts,
): Pick<KernelHost, "loadSlot" | "storeSlot" | "loadTransient" | "storeTransient"> {
  return {
    loadSlot: (at) => {
      const { view, state } = ports.run();
      const memory = ports.memory();
      const address = ports.address();
      const key = memory.word(at);
      const value = view.getStorage(address, key);
      const slot = state.slot(address, key, () => value);
      memory.setWord(at, value);
      if (slot.isWarm) return PRICE.warmAccess;
      state.warmSlot(slot);
      return PRICE.coldSlot;
    },
    storeSlot: (keyAt, valueAt) => {
      const { view, state } = ports.run();
      const memory = ports.memory();
      const address = ports.address();
      const key = memory.word(keyAt);
      const value = memory.word(valueAt);
      const current = view.getStorage(address, key);
      const slot = state.slot(address, key, () => current);
      let price: number = slot.isWarm ? 0 : PRICE.coldSlot;
      if (!slot.isWarm) state.warmSlot(slot);
      if (current === value) return price + PRICE.warmAccess;
      const { original } = slot;
      if (original !== current) price += PRICE.warmAccess;
      else price += original === 0n ? PRICE.slotSet : PRICE.slotReset;
      state.addRefund(refundOf(original, current, value));
      view.putStorage(address, key, value);
      return price;
    },
    loadTransient: (at) => {
      const memory = ports.memory();
      memory.setWord(at, ports.run().state.transient(ports.address(), memory.word(at)));
    },
    storeTransient: (keyAt, valueAt) => {
      const memory = ports.memory();
      ports.run().state.setTransient(ports.address(), memory.word(keyAt), memory.word(valueAt));
    },
  };
}

/** EIP-3529: what clearing a slot earns, and what writing it again takes back. */
function refundOf(original: bigint, current: bigint, value: bigint): number {
  let refund = 0;
  if (original !== 0n) {
    if (current === 0n) refund -= PRICE.refundClear;
    else if (value === 0n) refund += PRICE.refundClear;
  }
  if (original === value) refund += original === 0n ? PRICE.refundRestoreSet : PRICE.refundRestoreReset;
  return refund;
}

function accountFunctions(ports: HostPorts): Omit<KernelHost, keyof ReturnType<typeof slotFunctions>> {
  return {
    accessAccount: (at) => accessPrice(ports.run().state, ports.memory().address(at)),
    balanceOf: (at) => {
      const memory = ports.memory();
      memory.setWord(at, ports.run().view.getAccount(memory.address(at))?.balanceWei ?? 0n);
    },
    codeSizeOf: (at) => {
      const memory = ports.memory();
      memory.setWord(at, BigInt(ports.run().view.getCode(memory.address(at)).length));
    },
    codeHashOf: (at) => {
      const memory = ports.memory();
      const account = ports.run().view.getAccount(memory.address(at));
      memory.setWord(at, account === null || isEmptyAccount(account) ? 0n : BigInt(account.codeHash));
    },
    copyCodeOf: (at, offset, to, length) => {
      const memory = ports.memory();
      const code = ports.run().view.getCode(memory.address(at));
      const part =
        offset >>> 0 < code.length ? code.subarray(offset >>> 0, (offset >>> 0) + (length >>> 0)) : EMPTY_BYTES;
      memory.write(to, part);
      memory.bytes.fill(0, to + part.length, to + (length >>> 0));
    },
    blockHashOf: (at) => {
      const { block } = ports.run();
      const memory = ports.memory();
      const number = memory.word(at);
      const distance = BigInt(block.number) - number;
      const isKnown = distance > 0n && distance <= BLOCK_HASHES;
      memory.setWord(at, isKnown ? BigInt(block.getBlockHash(Number(number))) : 0n);
    },
    emitLog: (topicsAt, count, dataAt, length) => {
      const memory = ports.memory();
      const topics = Array.from({ length: count }, (_, index) => memory.hash(topicsAt - index * WORD_BYTES));
      ports.run().state.log({ address: ports.address(), topics, data: memory.read(dataAt, length >>> 0) });
    },
  };
}
