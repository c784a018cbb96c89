// Transactions like people's: payments, new contracts, and calls of them, each through a node of its own choice.
import { addressOfSecretKey } from "@festina/crypto";
import { type Address, hexToBytes, toAddress } from "@festina/primitives";
import { computeContractAddress } from "@festina/tvm";
import { signTransaction, TRANSACTION_TYPE } from "@festina/types";
import type { Dice } from "../world/streams.ts";
import { SIMULATED_CHAIN_ID, WORKER_KEYS } from "./networkSpec.ts";
import type { WholeNodeWorld } from "./wholeNodeWorld.ts";

const WORKERS = WORKER_KEYS.map((key) => ({ key, address: addressOfSecretKey(key) }));
const GWEI = 10n ** 9n;
/** Deploys a counter: every call adds one to its slot 0. */
const COUNTER = hexToBytes("0x600a600c600039600a6000f360016000540160005500");
const COUNTERS_MAX = 8;
const NO_DATA = new Uint8Array(0);

interface Errand {
  readonly to: Address | null;
  readonly valueWei: bigint;
  readonly data: Uint8Array;
  readonly gasLimit: bigint;
}

export class Workload {
  readonly #world: WholeNodeWorld;
  readonly #dice: Dice;
  readonly #meanMs: number;
  readonly #counters: Address[] = [];
  /** Transactions that a node took. */
  taken = 0;

  /** @param meanMs between two transactions, on average */
  constructor(world: WholeNodeWorld, meanMs: number) {
    this.#world = world;
    this.#dice = world.streams("work");
    this.#meanMs = meanMs;
  }

  /** Goes on until then. */
  start(untilMs: number): void {
    const { scheduler } = this.#world;
    const next = (): void => {
      if (scheduler.nowMs >= untilMs) return;
      this.#send();
      scheduler.after(this.#dice.waiting(this.#meanMs), next);
    };
    scheduler.after(this.#dice.waiting(this.#meanMs), next);
  }

  #send(): void {
    const index = this.#dice.below(this.#world.processes.length);
    const backend = this.#world.isUp(index) ? this.#world.process(index).node?.backend : undefined;
    const { key, address } = this.#dice.pick(WORKERS);
    const errand = this.#draw();
    if (backend === undefined) return;
    const nonce = backend.pool.nextNonce(address);
    if (errand.to === null) this.#counters.push(computeContractAddress(address, nonce));
    const maxFeePerGasWei = 2n * backend.chain.nextBaseFeeWei() + GWEI;
    const { encoded } = signTransaction(
      {
        type: TRANSACTION_TYPE.feeMarket,
        chainId: SIMULATED_CHAIN_ID,
        nonce,
        maxFeePerGasWei,
        maxPriorityFeePerGasWei: GWEI,
        accessList: [],
        authorizations: [],
        sponsorship: null,
        ...errand,
      },
      key,
    );
    void backend.pool.submit(encoded).then((answer) => {
      if (answer.ok) this.taken += 1;
    });
  }

  /** A call of a counter that never came to be is a payment of nothing. */
  #draw(): Errand {
    const what = this.#dice.below(3);
    const counter = this.#counters[this.#dice.below(COUNTERS_MAX)];
    if (what === 0 && this.#counters.length < COUNTERS_MAX)
      return { to: null, valueWei: 0n, data: COUNTER, gasLimit: 200_000n };
    if (what === 1 && counter !== undefined) return { to: counter, valueWei: 0n, data: NO_DATA, gasLimit: 100_000n };
    const to = toAddress(this.#dice.bytes(20));
    return { to, valueWei: BigInt(1 + this.#dice.below(1_000_000)), data: NO_DATA, gasLimit: 21_000n };
  }
}
