// A committee whose chain has some blocks, and a light node beside it that is asked by its RPC.
import { addressOfSecretKey } from "@festina/crypto";
import type { Address } from "@festina/primitives";
import { signTransaction, type TransactionFields } from "@festina/types";
import { expect } from "@jest/globals";
import type { FestinaNode } from "../../src/index.ts";
import {
  aDisk,
  aSpec,
  CommitteeNetwork,
  ETHER,
  type Kept,
  MEMBER_ADDRESSES,
  OWNER_KEYS,
} from "../committee/committee.ts";

export const BLOCKS = 90;
export const LIGHT = { sync: { mode: "light" as const }, rpc: { host: "127.0.0.1", port: 0, hosts: [] } };
export const NOBODY = `0x${"77".repeat(20)}`;

export function fieldsOf(changes: Partial<TransactionFields>): TransactionFields {
  return {
    ...{ type: 0x02, chainId: 1337n, nonce: 0n, gasLimit: 21_000n, to: NOBODY as Address, valueWei: 1n },
    ...{ maxFeePerGasWei: 10n ** 10n, maxPriorityFeePerGasWei: 10n ** 9n, data: new Uint8Array(0) },
    ...{ accessList: [], authorizations: [], sponsorship: null },
    ...changes,
  };
}

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: { readonly code?: string } };
}

export class LightUnderTest {
  readonly spec = aSpec();
  readonly net = new CommitteeNetwork(this.spec, [0]);
  node: FestinaNode | null = null;
  kept: Kept = aDisk();

  async startCommittee(): Promise<void> {
    await this.net.start(0, 1, 2, 3);
    await this.net.until(`${BLOCKS} blocks`, () => this.net.height() >= BLOCKS, 400_000);
  }

  /** A light node on an empty disk, or on what another has left. */
  async begin(peers: readonly string[] = MEMBER_ADDRESSES, kept: Kept = aDisk()): Promise<FestinaNode> {
    this.kept = kept;
    const light = await this.net.follower(kept, LIGHT, peers);
    this.node = light;
    await this.net.until("it follows", () => light.backend.chain.head() >= BLOCKS);
    return light;
  }

  async stop(): Promise<void> {
    const { node } = this;
    this.node = null;
    if (node === null) return;
    let isStopped = false;
    void node.stop().finally(() => {
      isStopped = true;
    });
    await this.net.until("it has stopped", () => isStopped);
  }

  async ask(method: string, ...params: readonly unknown[]): Promise<Answer> {
    let answer: Answer | null = null;
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    void fetch(this.node?.rpcUrl ?? "", { method: "POST", headers: { "content-type": "application/json" }, body })
      .then(async (response) => {
        answer = (await response.json()) as Answer;
      })
      .catch((error: Error) => {
        answer = { error: { code: 0, message: error.message } };
      });
    await this.net.until(`an answer to ${method}`, () => answer !== null, 3_600_000);
    return answer as unknown as Answer;
  }

  readonly result = async (method: string, ...params: readonly unknown[]): Promise<unknown> => {
    const { result, error } = await this.ask(method, ...params);
    expect(error).toBeUndefined();
    return result;
  };

  /** The codes of an error: JSON-RPC's, and ours. */
  readonly refusal = async (method: string, ...params: readonly unknown[]): Promise<unknown> => {
    const { error } = await this.ask(method, ...params);
    return [error?.code, error?.data?.code];
  };

  /** A coin for somebody; owners send their own now and then, so that a nonce may be used meanwhile. */
  async fund(to: Address): Promise<void> {
    const full = this.net.node(0).backend;
    const owner = OWNER_KEYS[1] as Uint8Array;
    const head = (): number => full.chain.head();
    for (let tries = 0; (full.state.balance(to, head()) ?? 0n) === 0n && tries < 5; tries++) {
      const nonce = full.pool.nextNonce(addressOfSecretKey(owner));
      await full.pool.submit(signTransaction(fieldsOf({ nonce, to, valueWei: ETHER }), owner).encoded);
      const height = head();
      await this.net.until("it is there", () => head() > height + 2);
    }
  }
}
