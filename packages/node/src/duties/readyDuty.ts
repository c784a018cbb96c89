import type { ChainSpec } from "@festina/chainspec";
import { encodeReady, VALIDATOR_REGISTRY } from "@festina/contracts";
import type { AccountSigner } from "@festina/crypto";
import { computeNextBaseFee, type HybridState } from "@festina/fastchain";
import type { Address, Result } from "@festina/primitives";
import { signTransactionAs, TRANSACTION_TYPE } from "@festina/types";

export interface ReadyDutyOptions {
  readonly spec: ChainSpec;
  readonly owner: AccountSigner;
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
  readonly #options: ReadyDutyOptions;
  #saidFor = -1;
  #isAsking = false;

  constructor(options: ReadyDutyOptions) {
    this.#options = options;
  }

  /** After each final block. The newest window that has opened counts. */
  onCommitted(state: HybridState): void {
    const window = Math.max(state.election.windowStartHeight, state.nextWindowHeight);
    if (window <= this.#saidFor || window === 0 || this.#isAsking) return;
    this.#isAsking = true;
    this.#options
      .isRegistered(this.#options.owner.address)
      .then((isRegistered) => {
        if (isRegistered) this.#sayReady(state, window);
      })
      .catch(this.#options.onFatal)
      .finally(() => {
        this.#isAsking = false;
      });
  }

  #sayReady(state: HybridState, window: number): void {
    const { spec, owner } = this.#options;
    const baseFee = computeNextBaseFee(state.header, spec);
    const signed = signTransactionAs(
      {
        type: TRANSACTION_TYPE.feeMarket,
        chainId: spec.chainId,
        nonce: this.#options.nextNonce(owner.address),
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
      owner,
    );
    if (this.#options.submit(signed.encoded).ok) this.#saidFor = window;
  }
}
