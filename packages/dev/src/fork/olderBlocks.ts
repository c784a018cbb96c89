// Which blocks and transactions are the other chain's: those up to the block that a fork goes on from, and none of what came
// after it there.
import { type Hash32, parseHash32 } from "@festina/primitives";
import type { ForkFacts, RpcBackend } from "@festina/rpc";
import type { RemoteClient } from "./remoteClient.ts";
import { readNumber } from "./remoteState.ts";

const NEWEST: readonly unknown[] = [undefined, null, "latest", "safe", "finalized"];

type Fields = Readonly<Record<string, unknown>>;

export class OlderBlocks {
  readonly #client: RemoteClient;
  readonly #facts: ForkFacts;

  constructor(client: RemoteClient, facts: ForkFacts) {
    this.#client = client;
    this.#facts = facts;
  }

  /** The height that a block parameter names; `null` for what is left to the method itself to tell. */
  numberOf({ chain }: RpcBackend, tag: unknown): number | null {
    if (NEWEST.includes(tag)) return chain.head();
    if (tag === "earliest") return 0;
    if (typeof tag === "number") return Number.isSafeInteger(tag) && tag >= 0 ? tag : null;
    if (tag !== null && typeof tag === "object") {
      const { blockNumber } = tag as Fields;
      return typeof blockNumber === "string" ? this.numberOf({ chain } as RpcBackend, blockNumber) : null;
    }
    const number = readNumber(tag, 6);
    return number === null ? null : Number(number);
  }

  /** Whether a block of the other chain has this hash that is not younger than the fork. */
  async isOlderHash({ chain }: RpcBackend, value: unknown): Promise<boolean> {
    const hash = parseHash32(value);
    if (!hash.ok) return false;
    const ours = chain.numberOfHash(hash.value);
    if (ours !== undefined) return ours <= this.#facts.blockNumber;
    return (await this.olderNumber(hash.value)) !== null;
  }

  /** `null` where the other chain has no such block, or only since. */
  async olderNumber(hash: Hash32): Promise<number | null> {
    if (hash === this.#facts.blockHash) return this.#facts.blockNumber;
    return this.#older(await this.#client.call("eth_getBlockByHash", [hash, false]), "number");
  }

  async isOlderTransaction(hash: Hash32): Promise<boolean> {
    return this.#older(await this.#client.call("eth_getTransactionByHash", [hash]), "blockNumber") !== null;
  }

  #older(found: unknown, field: string): number | null {
    if (found === null) return null;
    const value = typeof found === "object" ? (found as Fields)[field] : undefined;
    // A transaction that waits there.
    if (value === null) return null;
    const number = readNumber(value, 6);
    if (number === null) throw this.#client.invalid("what is no block");
    return number <= BigInt(this.#facts.blockNumber) ? Number(number) : null;
  }
}
