import { type Address, bigintToBytes, concatBytes, type Hash32, hexToBytes, toHash32 } from "@festina/primitives";
import type { Log } from "@festina/types";
import { readLog } from "./readLog.ts";
import type { ExecutionTracer, TracedCall, TracedEnding, TracedStep } from "./tracer.ts";

/** Where transfers of coins seem to come from: an address that tools know for it. */
const COIN_ADDRESS = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee" as Address;
/** keccak256("Transfer(address,address,uint256)") */
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef" as Hash32;
const BYTES_MAX = 10 * 1024 * 1024;
const LOG_BYTES = 200;

/** The logs of a run with every movement of coins among them, as if coins were a token (ERC-20). */
export class TransferTracer implements ExecutionTracer {
  /** By call that has not ended. */
  readonly #open: Log[][] = [];
  #logs: readonly Log[] = [];
  #bytes = 0;

  get isTooLarge(): boolean {
    return this.#bytes > BYTES_MAX;
  }

  /** In the order in which they were written; none of a run that failed. */
  get logs(): readonly Log[] {
    return this.#logs;
  }

  onEnter({ kind, from, to, valueWei }: TracedCall): void {
    this.#open.push([]);
    // DELEGATECALL shows the value of the call around it, CALLCODE pays the account itself.
    const moves = kind !== "DELEGATECALL" && valueWei !== null && valueWei > 0n;
    if (moves) this.#add(transferLog(from, kind === "CALLCODE" ? from : to, valueWei));
  }

  onExit({ error }: TracedEnding): void {
    const logs = this.#open.pop() ?? [];
    const kept = error === null ? logs : [];
    const around = this.#open.at(-1);
    if (around === undefined) this.#logs = kept;
    else for (const log of kept) around.push(log);
  }

  onStep(step: TracedStep): void {
    const log = readLog(step, BYTES_MAX);
    if (log !== null) this.#add(log);
  }

  #add(log: Log): void {
    this.#bytes += LOG_BYTES + log.data.length;
    if (!this.isTooLarge) this.#open.at(-1)?.push(log);
  }
}

const padded = (address: Address): Hash32 => toHash32(concatBytes(new Uint8Array(12), hexToBytes(address)));

function transferLog(from: Address, to: Address, valueWei: bigint): Log {
  return { address: COIN_ADDRESS, topics: [TRANSFER, padded(from), padded(to)], data: bigintToBytes(valueWei, 32) };
}
