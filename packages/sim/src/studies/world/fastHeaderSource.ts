// A fast chain that commits a block each second and never forks: what miners anchor, and the pointers into the snail chain.
import type { Hash32 } from "@festina/primitives";
import type { Checkpoint, CommittedFastBlock, FastView, MiningAnchor } from "@festina/snailchain";
import { type Certificate, signersBitmap } from "@festina/types";
import { GENESIS_SECONDS } from "./studySpec.ts";

export const FAST_BLOCK_MS = 1_000;
const GENESIS_MS = GENESIS_SECONDS * 1_000;
/** Blocks made up again when they are asked for once more. */
const BLOCKS_KEPT = 20_000;
const SIGNATURE_BYTES = 96;
const HASH_DIGITS = 64;

interface PointerMove {
  /** The fast block that moved the pointer. */
  readonly number: number;
  readonly pointer: Checkpoint;
}

type FastHeader = CommittedFastBlock & MiningAnchor;

/** Times are milliseconds since genesis. */
export class FastHeaderSource {
  readonly #moves: PointerMove[];
  readonly #blocks = new Map<number, FastHeader>();
  readonly #signers: Uint8Array;
  readonly #signature = new Uint8Array(SIGNATURE_BYTES).fill(0x0a);

  constructor(snailGenesis: Hash32, members: number) {
    this.#moves = [{ number: 0, pointer: { number: 0, hash: snailGenesis } }];
    this.#signers = signersBitmap(Array.from({ length: members }, (_, index) => index));
  }

  numberAt(nowMs: number): number {
    return Math.max(0, Math.floor(nowMs / FAST_BLOCK_MS));
  }

  get pointer(): Checkpoint {
    return (this.#moves.at(-1) as PointerMove).pointer;
  }

  /** The block with this number moves the pointer; no block above it was asked for before. */
  movePointer(number: number, pointer: Checkpoint): void {
    this.#moves.push({ number, pointer });
    this.#blocks.delete(number);
  }

  committed(number: number): FastHeader {
    const known = this.#blocks.get(number);
    if (known !== undefined) return known;
    const hash = `0xfa${number.toString(16).padStart(HASH_DIGITS - 2, "0")}` as Hash32;
    const { pointer } = this.#moveAt(number);
    const block = {
      number,
      hash,
      timeMs: GENESIS_MS + number * FAST_BLOCK_MS,
      pointerHash: pointer.hash,
      pointerNumber: pointer.number,
      certificate: number === 0 ? null : this.#certificateOf(hash, number),
    };
    this.#blocks.set(number, block);
    if (this.#blocks.size > BLOCKS_KEPT) this.#blocks.delete(this.#blocks.keys().next().value as number);
    return block;
  }

  #moveAt(number: number): PointerMove {
    // Questions are about the last few moves.
    let at = this.#moves.length - 1;
    while (at > 0 && (this.#moves[at] as PointerMove).number > number) at -= 1;
    return this.#moves[at] as PointerMove;
  }

  #certificateOf(blockHash: Hash32, view: number): Certificate {
    return { kind: "committed", epoch: 0, view, blockHash, signers: this.#signers, signature: this.#signature };
  }
}

/** What a node that hears of each block `delayMs` late knows of the fast chain. */
export class DelayedFastView implements FastView {
  readonly delayMs: number;
  readonly #source: FastHeaderSource;
  readonly #clock: { readonly nowMs: number };

  constructor(source: FastHeaderSource, clock: { readonly nowMs: number }, delayMs: number) {
    this.#source = source;
    this.#clock = clock;
    this.delayMs = delayMs;
  }

  head(): number {
    return this.#source.numberAt(this.#clock.nowMs - this.delayMs);
  }

  committed(number: number): FastHeader | undefined {
    return number <= this.head() ? this.#source.committed(number) : undefined;
  }

  verifyCommitted(): "valid" {
    return "valid";
  }

  boundaryAtOrBelow(): undefined {
    return undefined;
  }

  recoveryEpoch(): undefined {
    return undefined;
  }
}
