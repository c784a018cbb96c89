// Proof of work without work: finds come after an exponential time drawn from the seed, and the engine knows them. Nobody
// else can make up a nonce that wins.

import type { NonceSearch } from "@festina/node";
import type { Clock, Hash32, Timer } from "@festina/primitives";
import type { MiningWork, PowEngine } from "@festina/snailchain";
import type { Dice } from "../world/streams.ts";

/** A nonce that wins a block, or else a fruit. */
export interface Find {
  readonly sealHash: Hash32;
  readonly nonce: bigint;
  readonly winsBlock: boolean;
}

interface SearchOptions {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly hashesPerSecond: number;
  readonly onFound: (workId: number, nonce: bigint) => void;
  /** Whether the miner makes use of a find; an honest one always does. */
  readonly keeps: (find: Find) => boolean;
}

const RESULT_SPACE = 2 ** 128;
const HALF_BYTES = 16;

const nameOf = (sealHash: Hash32, nonce: bigint): string => `${sealHash} ${nonce}`;

export class SimPow {
  /** Finds of all miners: results by seal and nonce. */
  readonly #results = new Map<string, Uint8Array>();
  readonly #losing = new Uint8Array(2 * HALF_BYTES).fill(0xff);
  readonly engine: PowEngine = {
    name: "keccak",
    compute: (sealHash, nonce) => this.#results.get(nameOf(sealHash, nonce)) ?? this.#losing,
  };

  createSearch({ clock, dice, hashesPerSecond, onFound, keeps }: SearchOptions): NonceSearch {
    let timer: Timer | null = null;
    let tried = 0n;
    const stop = (): void => {
      timer?.cancel();
      timer = null;
    };
    const meanMs = (target: bigint): number => (1000 * RESULT_SPACE) / (Number(target) + 1) / hashesPerSecond;
    const search = (work: MiningWork): void => {
      // High and low half of a result are independent, so each prize has a waiting time of its own.
      const blockMs = dice.waiting(meanMs(work.blockTarget));
      const fruitMs = dice.waiting(meanMs(work.fruitTarget));
      timer = clock.setTimer(Math.min(blockMs, fruitMs), () => {
        const nonce = work.startNonce + tried++;
        const winsBlock = blockMs < fruitMs;
        this.#grant(work.sealHash, nonce, winsBlock);
        search(work);
        if (keeps({ sealHash: work.sealHash, nonce, winsBlock })) onFound(work.workId, nonce);
      });
    };
    return {
      start: (work) => {
        stop();
        search(work);
      },
      stop,
      hashRate: () => hashesPerSecond,
      close: async () => stop(),
    };
  }

  #grant(sealHash: Hash32, nonce: bigint, winsBlock: boolean): void {
    const result = this.#losing.slice();
    result.fill(0, winsBlock ? 0 : HALF_BYTES, winsBlock ? HALF_BYTES : 2 * HALF_BYTES);
    this.#results.set(nameOf(sealHash, nonce), result);
  }
}
