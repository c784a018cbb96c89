import type { ChainSpec } from "@festina/chainspec";
import { encodeReady, VALIDATOR_REGISTRY } from "@festina/contracts";
import { addressOfSecretKey } from "@festina/crypto";
import { computeNextBaseFee, type HybridState } from "@festina/fastchain";
import type { Address, Result } from "@festina/primitives";
import { signTransaction, TRANSACTION_TYPE } from "@festina/types";

export interface ReadyDutyOptions {
  readonly spec: ChainSpec;
  readonly ownerKey: Uint8Array;
  /** Whether the owner is a registered validator in the newest state. */
  readonly isRegistered: (owner: Address) => Promise<boolean>;
  readonly nextNonce: (address: Address) => bigint;
  readonly submit: (encoded: Uint8Array) => Result<unknown>;
  readonly onFatal: (error: unknown) => void;
}

const READY_GAS = 120_000n;
const TIP_WEI = 1_000_000_000n;

/** Says `ready()` once per election window, so that the validator stays a candidate while its node runs. */
export class ReadyDuty {
  readonly owner: Address;
  readonly #options: ReadyDutyOptions;
  #saidFor = -1;
  #isAsking = false;

  constructor(options: ReadyDutyOptions) {
    this.#options = options;
    this.owner = addressOfSecretKey(options.ownerKey);
  }

  /** After each final block. The newest window that has opened counts. */
  onCommitted(state: HybridState): void {
    const window = Math.max(state.election.windowStartHeight, state.nextWindowHeight);
    if (window <= this.#saidFor || window === 0 || this.#isAsking) return;
    this.#isAsking = true;
    this.#options
      .isRegistered(this.owner)
      .then((isRegistered) => {
        if (isRegistered) this.#sayReady(state, window);
      })
      .catch(this.#options.onFatal)
      .finally(() => {
        this.#isAsking = false;
      });
  }

  #sayReady(state: HybridState, window: number): void {
    const { spec, ownerKey } = this.#options;
    const baseFee = computeNextBaseFee(state.header, spec);
    const signed = signTransaction(
      {
        type: TRANSACTION_TYPE.feeMarket,
        chainId: spec.chainId,
        nonce: this.#options.nextNonce(this.owner),
        maxFeePerGasWei: baseFee * 4n + TIP_WEI,
        maxPriorityFeePerGasWei: TIP_WEI,
        gasLimit: READY_GAS,
        to: VALIDATOR_REGISTRY,
        valueWei: 0n,
        data: encodeReady(),
        accessList: [],
        authorizations: [],
        sponsorship: null,
      },
      ownerKey,
    );
    if (this.#options.submit(signed.encoded).ok) this.#saidFor = window;
  }
}
