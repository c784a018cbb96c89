import type { Clock, Hash32 } from "@festina/primitives";
import { formatReceipt } from "../format/formatTransaction.ts";
import { optionalQuantity } from "../jsonRpc/params.ts";
import { RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { RpcBackend } from "../ports.ts";

const TIMEOUT_MS = 20_000;
/** Of what may be asked for; more is cut to it (EIP-7966). */
const TIMEOUT_MS_MAX = 60_000;

export function parseReceiptTimeout(value: unknown): number {
  const wanted = optionalQuantity(value, "timeout");
  if (wanted === null || wanted === 0n) return TIMEOUT_MS;
  return wanted > BigInt(TIMEOUT_MS_MAX) ? TIMEOUT_MS_MAX : Number(wanted);
}

function receiptOf({ chain }: RpcBackend, hash: Hash32): Record<string, unknown> | null {
  const location = chain.transactionLocation(hash);
  const record = location === undefined ? undefined : chain.blockByNumber(location.number);
  return location === undefined || record === undefined ? null : formatReceipt(record, location.index);
}

/** The receipt as soon as there is one. Error code 4 with the hash when there is none in time: it may come yet. */
export function awaitReceipt(backend: RpcBackend, clock: Clock, hash: Hash32, timeoutMs: number): Promise<unknown> {
  const receipt = receiptOf(backend, hash);
  if (receipt !== null) return Promise.resolve(receipt);
  return new Promise((answer, reject) => {
    const timer = clock.setTimer(timeoutMs, () => {
      unsubscribe();
      const message = "the transaction was added to the pool but is in no block yet";
      reject(new RpcError(RPC_CODE.receiptTimeout, message, hash));
    });
    const unsubscribe = backend.events.subscribe((event) => {
      if (event.kind !== "block") return;
      const found = receiptOf(backend, hash);
      if (found === null) return;
      timer.cancel();
      unsubscribe();
      answer(found);
    });
  });
}
