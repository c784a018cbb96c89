// The kernel's memory as the host sees it: frames, words, bytes. Layout: adapters/assembly/evm/layout.ts.
import { type Address, assert, type Hash32 } from "@festina/primitives";

/** What the kernel asks the host for; addresses point at words in its memory (adapters/assembly/evm/host.ts). */
export interface KernelHost {
  loadSlot(slot: number): number;
  storeSlot(slot: number, value: number): number;
  loadTransient(slot: number): void;
  storeTransient(slot: number, value: number): void;
  accessAccount(address: number): number;
  balanceOf(address: number): void;
  codeSizeOf(address: number): void;
  codeHashOf(address: number): void;
  copyCodeOf(address: number, offset: number, to: number, length: number): void;
  blockHashOf(number: number): void;
  emitLog(topics: number, topicCount: number, data: number, length: number): void;
}

export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  contextPointer(): number;
  framesPointer(): number;
  frameBytes(): number;
  framesMax(): number;
  stackBytesMax(): number;
  freePointer(): number;
  opcodesPointer(): number;
  scratchPointer(): number;
  setReturnData(address: number, length: number): void;
  run(depth: number): number;
}

/** Makes an instance of the kernel around a host. */
export type InstantiateKernel = (host: KernelHost) => KernelExports;

/** Why `run` came back: layout.ts of the kernel. */
export const STATUS = {
  stop: 0,
  return: 1,
  revert: 2,
  call: 16,
  create: 17,
  selfDestruct: 18,
} as const;

/** Words of the transaction and the block, in bytes from their beginning. */
export const CONTEXT_OFFSET = {
  origin: 0,
  gasPrice: 32,
  coinbase: 64,
  timestamp: 96,
  number: 128,
  prevRandao: 160,
  gasLimit: 192,
  chainId: 224,
  baseFee: 256,
  blobBaseFee: 288,
} as const;

/** Fields of a frame, in bytes from its beginning. */
export const FIELD = {
  code: 0,
  codeLength: 4,
  jumpTargets: 8,
  pc: 12,
  stack: 16,
  top: 20,
  memory: 24,
  memorySize: 28,
  input: 32,
  inputLength: 36,
  isStatic: 40,
  output: 44,
  outputLength: 48,
  functions: 52,
  gas: 56,
  address: 64,
  caller: 96,
  value: 128,
} as const;

export type Field = Exclude<keyof typeof FIELD, "gas" | "address" | "caller" | "value">;

const WORD_BYTES = 32;
const PAGE_BYTES = 65_536;
const TWO_32 = 2 ** 32;
const HEX_BYTE: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

export class KernelMemory {
  readonly #kernel: KernelExports;
  readonly #frames: number;
  readonly #frameBytes: number;
  #bytes: Uint8Array;
  #view: DataView;

  constructor(kernel: KernelExports) {
    this.#kernel = kernel;
    this.#frames = kernel.framesPointer();
    this.#frameBytes = kernel.frameBytes();
    this.#bytes = new Uint8Array(kernel.memory.buffer);
    this.#view = new DataView(kernel.memory.buffer);
  }

  /** Memory that has grown is another buffer: the kernel grows it while it runs. */
  refresh(): void {
    const { buffer } = this.#kernel.memory;
    if (this.#bytes.buffer === buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** @throws RangeError when the machine has no more */
  reach(end: number): void {
    const missing = end - this.#kernel.memory.buffer.byteLength;
    if (missing > 0) this.#kernel.memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.refresh();
  }

  frame(depth: number): number {
    return this.#frames + depth * this.#frameBytes;
  }

  get(frame: number, field: Field): number {
    return this.#view.getUint32(frame + FIELD[field], true);
  }

  set(frame: number, field: Field, value: number): void {
    this.#view.setUint32(frame + FIELD[field], value, true);
  }

  /** Exact up to 2^53, which no gas limit of this chain comes near. */
  gas(frame: number): number {
    const at = frame + FIELD.gas;
    return this.#view.getInt32(at + 4, true) * TWO_32 + this.#view.getUint32(at, true);
  }

  setGas(frame: number, gas: number): void {
    const at = frame + FIELD.gas;
    this.#view.setUint32(at, gas % TWO_32, true);
    this.#view.setUint32(at + 4, Math.floor(gas / TWO_32), true);
  }

  word(at: number): bigint {
    const view = this.#view;
    const low = view.getBigUint64(at, true);
    const second = view.getBigUint64(at + 8, true);
    const third = view.getBigUint64(at + 16, true);
    const high = view.getBigUint64(at + 24, true);
    if (high === 0n && third === 0n) return second === 0n ? low : (second << 64n) | low;
    return (((((high << 64n) | third) << 64n) | second) << 64n) | low;
  }

  setWord(at: number, value: bigint): void {
    const view = this.#view;
    view.setBigUint64(at, value & 0xffff_ffff_ffff_ffffn, true);
    const rest = value >> 64n;
    if (rest === 0n) {
      this.#bytes.fill(0, at + 8, at + WORD_BYTES);
      return;
    }
    view.setBigUint64(at + 8, rest & 0xffff_ffff_ffff_ffffn, true);
    view.setBigUint64(at + 16, (rest >> 64n) & 0xffff_ffff_ffff_ffffn, true);
    view.setBigUint64(at + 24, rest >> 128n, true);
  }

  /** A word below 2^32; larger ones give 2^32 - 1. */
  small(at: number): number {
    const view = this.#view;
    for (let offset = 4; offset < WORD_BYTES; offset += 4)
      if (view.getUint32(at + offset, true) !== 0) return TWO_32 - 1;
    return view.getUint32(at, true);
  }

  /** The low 20 bytes of a word. */
  address(at: number): Address {
    let text = "0x";
    for (let i = at + 19; i >= at; i--) text += HEX_BYTE[this.#bytes[i] as number];
    return text as Address;
  }

  setAddress(at: number, address: Address): void {
    assert(address.length === 42, "an address has 20 bytes");
    for (let i = 0; i < 20; i++) this.#bytes[at + i] = Number.parseInt(address.slice(40 - 2 * i, 42 - 2 * i), 16);
    this.#bytes.fill(0, at + 20, at + WORD_BYTES);
  }

  /** A word as 32 big-endian bytes in hex. */
  hash(at: number): Hash32 {
    let text = "0x";
    for (let i = at + WORD_BYTES - 1; i >= at; i--) text += HEX_BYTE[this.#bytes[i] as number];
    return text as Hash32;
  }

  /** What the frame returned, in place. */
  output(frame: number): Uint8Array {
    const at = this.get(frame, "output");
    return this.#bytes.subarray(at, at + this.get(frame, "outputLength"));
  }

  /** A copy. */
  read(at: number, length: number): Uint8Array {
    return this.#bytes.slice(at, at + length);
  }

  write(at: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, at);
  }
}
