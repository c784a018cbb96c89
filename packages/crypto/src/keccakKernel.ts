// Keccak-256 in WebAssembly: ten times faster than JavaScript, which has no 64-bit words.
import { hexToBytes } from "@festina/primitives";
import { keccakWasm } from "./generated/keccakKernel.ts";

/** Any bytes in, 32 bytes out. */
export type HashFunction = (bytes: Uint8Array) => Uint8Array;

interface KeccakExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  inputPointer(): number;
  outputPointer(): number;
  lengthsPointer(): number;
  inputBytesMax(): number;
  messagesMax(): number;
  hash(length: number): void;
  hashMany(count: number): void;
  reset(): void;
  absorb(length: number): void;
  finish(length: number): void;
}

export interface KeccakKernel {
  /** Any number of bytes in, a fresh array of 32 bytes out. */
  readonly hash: HashFunction;
  /** The hashes in order. One crossing of the border per some thousand short messages. */
  hashMany(messages: readonly Uint8Array[]): readonly Uint8Array[];
}

const DIGEST_BYTES = 32;

/** Its memory is its own; make one per thread. */
export function createKeccak(): KeccakKernel {
  const kernel = new WebAssembly.Instance(new WebAssembly.Module(hexToBytes(keccakWasm)))
    .exports as unknown as KeccakExports;
  // The kernel's memory never grows, so these views stay valid.
  const bytes = new Uint8Array(kernel.memory.buffer);
  const lengths = new Uint32Array(kernel.memory.buffer, kernel.lengthsPointer(), kernel.messagesMax());
  const input = kernel.inputPointer();
  const output = kernel.outputPointer();
  const digest = new Uint8Array(kernel.memory.buffer, output, DIGEST_BYTES);
  const inputBytesMax = kernel.inputBytesMax();

  const hash: HashFunction = (message) => {
    if (message.length <= inputBytesMax) {
      bytes.set(message, input);
      kernel.hash(message.length);
    } else {
      hashLong(message);
    }
    return new Uint8Array(digest);
  };

  const hashLong = (message: Uint8Array): void => {
    kernel.reset();
    let offset = 0;
    // The input area holds whole blocks, so only the last piece may end inside one.
    for (; message.length - offset > inputBytesMax; offset += inputBytesMax) {
      bytes.set(message.subarray(offset, offset + inputBytesMax), input);
      kernel.absorb(inputBytesMax);
    }
    bytes.set(message.subarray(offset), input);
    kernel.finish(message.length - offset);
  };

  const hashMany = (messages: readonly Uint8Array[]): readonly Uint8Array[] => {
    const digests: Uint8Array[] = [];
    let count = 0;
    let filled = 0;
    const flush = (): void => {
      kernel.hashMany(count);
      for (let i = 0; i < count; i++) {
        digests.push(bytes.slice(output + i * DIGEST_BYTES, output + (i + 1) * DIGEST_BYTES));
      }
      count = 0;
      filled = 0;
    };
    for (const message of messages) {
      if (count === lengths.length || filled + message.length > inputBytesMax) flush();
      if (message.length > inputBytesMax) {
        digests.push(hash(message));
        continue;
      }
      bytes.set(message, input + filled);
      lengths[count] = message.length;
      filled += message.length;
      count += 1;
    }
    flush();
    return digests;
  };

  return { hash, hashMany };
}

/** The hash alone, as most callers take it. */
export function createKeccakKernel(): HashFunction {
  return createKeccak().hash;
}
