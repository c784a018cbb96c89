// A light load: a few accounts, each with one transfer on the way at a time, sent again to another member until a
// receipt is seen. So nothing is lost by a node that dies with its pool, and every receipt is one the network gave.
import { bytesToHex, hexToBytes } from "@festina/primitives";
import { signTransaction, TRANSACTION_TYPE } from "@festina/types";
import { sleep } from "../devnet/patience.mjs";

const FIRST_SENDER = 5;
const LIGHT = { senders: 3, pauseMs: { min: 150, spread: 300 } };
const ASK_AGAIN_MS = 3_000;
const POLL_MS = 60;
const TRANSFER_GAS = 21_000n;
const MAX_FEE_WEI = 100_000_000_000n;
const TIP_WEI = 1_000_000_000n;

export class TransferLoad {
  #network;
  #ledger;
  #prng;
  #isStopped = false;
  #isAbandoned = false;
  #running = [];
  #pace;

  constructor(network, ledger, prng, pace = LIGHT) {
    this.#pace = pace;
    this.#network = network;
    this.#ledger = ledger;
    this.#prng = prng;
  }

  async start() {
    const senders = this.#network.accounts.slice(FIRST_SENDER, FIRST_SENDER + this.#pace.senders);
    const ask = this.#network.rpc(this.#network.members[0]);
    for (const sender of senders) {
      const nonce = BigInt(await ask("eth_getTransactionCount", sender.address, "latest"));
      this.#running.push(this.#drive(sender, nonce));
    }
  }

  /** Resolves when every sender has seen its last receipt. */
  async stop() {
    this.#isStopped = true;
    await Promise.all(this.#running);
  }

  /** Ends the senders without their last receipts: what the network does no longer counts. */
  abandon() {
    this.#isStopped = true;
    this.#isAbandoned = true;
  }

  async #drive({ secretKey }, firstNonce) {
    for (let nonce = firstNonce; !this.#isStopped; nonce++) {
      const receipt = await this.#send(this.#sign(hexToBytes(secretKey), nonce));
      if (receipt !== null) this.#ledger.record(receipt);
      const { min, spread } = this.#pace.pauseMs;
      await sleep(min + this.#prng.below(spread));
    }
  }

  #sign(secretKey, nonce) {
    return signTransaction(
      {
        type: TRANSACTION_TYPE.feeMarket,
        chainId: this.#network.spec.chainId,
        nonce,
        maxFeePerGasWei: MAX_FEE_WEI,
        maxPriorityFeePerGasWei: TIP_WEI,
        gasLimit: TRANSFER_GAS,
        to: this.#network.accounts[0].address,
        valueWei: 1n,
        data: new Uint8Array(0),
        accessList: [],
        authorizations: [],
        sponsorship: null,
      },
      secretKey,
    );
  }

  /** The receipt, or null when the campaign was abandoned before there was one. */
  async #send({ encoded, hash }) {
    while (!this.#isAbandoned) {
      const { living } = this.#network;
      if (living.length === 0) {
        await sleep(POLL_MS);
        continue;
      }
      const ask = this.#network.rpc(living[this.#prng.below(living.length)]);
      const receipt = await this.#attempt(ask, bytesToHex(encoded), hash);
      if (receipt !== null) return receipt;
    }
    return null;
  }

  async #attempt(ask, encoded, hash) {
    // Refused when it is known or mined already, or the node just died: the receipt decides.
    await ask("eth_sendRawTransaction", encoded).catch(() => undefined);
    for (let waitedMs = 0; waitedMs < ASK_AGAIN_MS; waitedMs += POLL_MS) {
      const receipt = await ask("eth_getTransactionReceipt", hash).catch(() => undefined);
      if (receipt === undefined) return null;
      if (receipt !== null) return receipt;
      await sleep(POLL_MS);
    }
    return null;
  }
}
