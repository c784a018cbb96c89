// A load of transfers whose rate is measured while something else goes on.
import { bytesToHex, hexToBytes } from "@festina/primitives";
import { signTransaction, TRANSACTION_TYPE } from "@festina/types";
import { orNothing, waitFor } from "./patience.mjs";

const BATCH = 40;
const SENDERS = 4;
const RECEIPT_MS = 60_000;
const POLL_MS = 10;

/** Transfers in batches, the next when the last one of a batch is final: `final` counts them. */
export class TransferStream {
  final = 0;
  #isStopped = false;
  #running = [];
  #network;

  constructor(network) {
    this.#network = network;
  }

  async start() {
    const ask = this.#network.rpc(this.#network.members[1]);
    for (const { address, secretKey } of this.#network.accounts.slice(0, SENDERS)) {
      const nonce = BigInt(await ask("eth_getTransactionCount", address, "latest"));
      this.#running.push(this.#drive(ask, hexToBytes(secretKey), nonce));
    }
  }

  async stop() {
    this.#isStopped = true;
    await Promise.all(this.#running);
  }

  async #drive(ask, secretKey, firstNonce) {
    for (let nonce = firstNonce; !this.#isStopped; nonce += BigInt(BATCH)) {
      const batch = Array.from({ length: BATCH }, (_, index) => this.#sign(secretKey, nonce + BigInt(index)));
      // A connection that the server has just closed as idle fails once; whether it was sent the receipt tells.
      const send = ({ encoded }) => ask("eth_sendRawTransaction", bytesToHex(encoded)).catch(() => undefined);
      const sent = await Promise.all(batch.map(send));
      for (const [index, hash] of sent.entries()) if (hash === undefined) await send(batch[index]);
      const { hash } = batch[BATCH - 1];
      const look = orNothing(() => ask("eth_getTransactionReceipt", hash));
      await waitFor("a receipt", RECEIPT_MS, look, POLL_MS);
      this.final += BATCH;
    }
  }

  #sign(secretKey, nonce) {
    const fees = { maxFeePerGasWei: 100_000_000_000n, maxPriorityFeePerGasWei: 1_000_000_000n, gasLimit: 21_000n };
    return signTransaction(
      {
        type: TRANSACTION_TYPE.feeMarket,
        chainId: this.#network.spec.chainId,
        nonce,
        ...fees,
        to: this.#network.accounts[9].address,
        valueWei: 1n,
        data: new Uint8Array(0),
        accessList: [],
        authorizations: [],
        sponsorship: null,
      },
      secretKey,
    );
  }
}
