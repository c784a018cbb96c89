// Transactions that are sent through a light node: checked by what peers prove, passed on, and found again in blocks.
import type { ChainSpec } from "@festina/chainspec";
import type { HybridState } from "@festina/fastchain";
import type { Network } from "@festina/network";
import { assert, fail, type Hash32, LruMap, ok, type Result } from "@festina/primitives";
import { TransactionPool } from "@festina/txpool";
import { decodeTransaction, type RecoveredTransaction } from "@festina/types";
import { poolRules } from "../pool/poolRules.ts";
import type { senderRecovery } from "../pool/senderRecovery.ts";
import { encodeParts } from "../sync/payloads.ts";
import type { LightProofs } from "./lightProofs.ts";

export interface LightTransactionsOptions {
  readonly spec: ChainSpec;
  readonly network: () => Network;
  readonly proofs: Pick<LightProofs, "account" | "body" | "blockByNumber" | "state">;
  readonly head: () => HybridState;
  readonly recover: ReturnType<typeof senderRecovery>;
  readonly nowMs: () => number;
}

interface Sent {
  readonly transaction: RecoveredTransaction;
  /** Blocks above this may have it. */
  readonly above: number;
  location: { readonly number: number; readonly index: number } | null;
}

/** `here`: its place and block can be read now. `waiting`: in no block yet. `unknown`: not sent through this node. */
export type Whereabouts = "here" | "waiting" | "unknown" | "unproved";

/** Beyond these the oldest are forgotten; their senders still have them. */
const SENT_MAX = 1_024;

export class LightTransactions {
  readonly #options: LightTransactionsOptions;
  readonly #sent = new LruMap<Hash32, Sent>(SENT_MAX);

  constructor(options: LightTransactionsOptions) {
    this.#options = options;
  }

  /** Checks as a full node's pool does, on the proved accounts of the newest block. Codes as there, and LIGHT_UNANSWERED. */
  async submit(encoded: Uint8Array): Promise<Result<Hash32>> {
    const { spec, network, proofs, head, recover, nowMs } = this.#options;
    const decoded = decodeTransaction(encoded);
    if (!decoded.ok) return decoded;
    const { hash } = decoded.value;
    if (this.#sent.get(hash) !== undefined) return fail("POOL_KNOWN", "the transaction was passed on already");
    const recovered = recover(decoded.value);
    if (!recovered.ok) return recovered;
    const { sender, sponsorship } = recovered.value;
    const { header } = head();
    for (const address of sponsorship === null ? [sender] : [sender, sponsorship.payer])
      if (!(await proofs.account(header.number, address)))
        return fail("LIGHT_UNANSWERED", `no peer proves what ${address} has`);
    const pool = new TransactionPool({
      ...poolRules(spec),
      blockGasLimit: header.gasLimit,
      reader: {
        nonce: (address) => proofs.state.nonce(address, header.number) ?? 0n,
        balanceWei: (address) => proofs.state.balance(address, header.number) ?? 0n,
        // Asked of senders that have something waiting here; here nothing waits.
        hasCode: () => false,
      },
      timestampSeconds: header.timestamp,
      limits: {},
    });
    // As those judge it who get it.
    const admitted = pool.add(recovered.value, "peer", nowMs());
    if (!admitted.ok) return admitted;
    if (network().broadcast("transactions", encodeParts([recovered.value.encoded])) === 0)
      return fail("LIGHT_UNANSWERED", "no peer is there to pass the transaction to");
    this.#sent.set(hash, { transaction: recovered.value, above: header.number, location: null });
    return ok(hash);
  }

  /** One that is in no block, as far as is known. */
  waiting(hash: Hash32): RecoveredTransaction | undefined {
    const sent = this.#sent.get(hash);
    return sent === undefined || sent.location !== null ? undefined : sent.transaction;
  }

  locationOf(hash: Hash32): { readonly number: number; readonly index: number } | undefined {
    return this.#sent.get(hash)?.location ?? undefined;
  }

  /** Finds the block of a transaction that was sent through this node: the first in which its nonce is used, by proofs. */
  async find(hash: Hash32): Promise<Whereabouts> {
    const { proofs, head } = this.#options;
    const sent = this.#sent.get(hash);
    if (sent === undefined) return "unknown";
    if (sent.location !== null) return (await proofs.body(sent.location.number)) ? "here" : "unproved";
    let [below, used] = [sent.above, head().header.number];
    if (used === below) return "waiting";
    const isUsed = await this.#isUsed(sent, used);
    if (isUsed === null) return "unproved";
    if (!isUsed) return "waiting";
    while (used - below > 1) {
      const middle = Math.floor((below + used) / 2);
      const isUsedThere = await this.#isUsed(sent, middle);
      if (isUsedThere === null) return "unproved";
      if (isUsedThere) used = middle;
      else below = middle;
    }
    if (!(await proofs.body(used))) return "unproved";
    const index = proofs.blockByNumber(used)?.block.transactions.findIndex((other) => other.hash === hash);
    // Another of the same sender took its nonce.
    if (index === undefined || index < 0) return "waiting";
    sent.location = { number: used, index };
    return "here";
  }

  /** `null`: no peer proves it. */
  async #isUsed({ transaction }: Sent, number: number): Promise<boolean | null> {
    const { proofs } = this.#options;
    if (!(await proofs.account(number, transaction.sender))) return null;
    const nonce = proofs.state.nonce(transaction.sender, number);
    assert(nonce !== undefined, "a proved account can be read");
    return nonce > transaction.nonce;
  }
}
