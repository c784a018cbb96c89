// A block of transfers, its proposal, and a network that notes what is asked of whom.
import { createSecp256k1 } from "@festina/adapters";
import type { NodeId, PeerInfo, ReportedPenalty, RequestAnswer } from "@festina/network";
import { type Address, fail, type Hash32 } from "@festina/primitives";
import {
  computeListRoot,
  encodeFastBlock,
  type FastBlock,
  type FastHeader,
  hashFastHeader,
  hashHybridRequests,
  NO_REQUESTS,
  type PrePrepare,
  recoverTransaction,
  signTransaction,
  type Transaction,
} from "@festina/types";

export const idOf = (index: number): NodeId => `0x${index.toString(16).padStart(64, "0")}` as NodeId;
export const hashOf = (byte: number): Hash32 => `0x${byte.toString(16).padStart(2, "0").repeat(32)}` as Hash32;
const address = (byte: string): Address => `0x${byte.repeat(20)}` as Address;
const { recoverPublicKey } = createSecp256k1();

export function transfers(count: number): readonly Transaction[] {
  return Array.from({ length: count }, (_, nonce) => {
    const signed = signTransaction(
      {
        ...{ type: 0x02, chainId: 1_337n, nonce: BigInt(nonce), gasLimit: 21_000n, to: address("11"), valueWei: 5n },
        ...{ maxFeePerGasWei: 2_000_000_000n, maxPriorityFeePerGasWei: 1n, data: new Uint8Array(0) },
        ...{ accessList: [], authorizations: [], sponsorship: null },
      },
      new Uint8Array(32).fill(7),
    );
    const recovered = recoverTransaction(signed, recoverPublicKey);
    if (!recovered.ok) throw new Error(recovered.error.code);
    return recovered.value;
  });
}

export function blockOf(transactions: readonly Transaction[], number = 7): FastBlock {
  const header: FastHeader = {
    ...{ parentHash: hashOf(1), coinbase: address("02"), stateRoot: hashOf(3), receiptsRoot: hashOf(5) },
    transactionsRoot: computeListRoot(transactions.map(({ encoded }) => encoded)),
    ...{ logsBloom: new Uint8Array(256), number, gasLimit: 150_000_000n, gasUsed: 21_000n, timestamp: 1_800_000_000 },
    ...{ extraData: new Uint8Array(0), beacon: hashOf(8), baseFeePerGasWei: 9n, snailPointer: hashOf(10) },
    requestsHash: hashHybridRequests(NO_REQUESTS),
  };
  return { header, hash: hashFastHeader(header), transactions, requests: NO_REQUESTS };
}

export function proposalOf(block: FastBlock, view = 5): PrePrepare {
  return {
    ...{ epoch: 1, view, blockHash: block.hash, height: block.header.number, parentHash: hashOf(1), parentView: 4 },
    ...{ parentCertificate: null, skips: [], reveal: new Uint8Array(0), signature: new Uint8Array(96).fill(1) },
    // As it comes from the wire, not the array that was encoded.
    envelope: encodeFastBlock(block).slice(),
  };
}

export interface Asked {
  readonly peer: NodeId;
  readonly payload: Uint8Array;
  readonly answer: (answer: RequestAnswer) => void;
}

/** Peers 1 to 4, all members; what is asked waits until a test answers. */
export class QuietNetwork {
  readonly asked: Asked[] = [];
  readonly penalties: (readonly [NodeId, ReportedPenalty])[] = [];
  readonly sent: { readonly type: string; readonly payload: Uint8Array; readonly to: readonly NodeId[] }[] = [];
  readonly connected: PeerInfo[] = [1, 2, 3, 4].map(
    (index) => ({ nodeId: idOf(index), handshake: { role: "member", capabilities: [1] } }) as unknown as PeerInfo,
  );

  peers(): readonly PeerInfo[] {
    return this.connected;
  }

  request(peer: NodeId, _type: string, payload: Uint8Array): Promise<RequestAnswer> {
    return new Promise((answer) => this.asked.push({ peer, payload, answer }));
  }

  penalise(peer: NodeId, code: ReportedPenalty): void {
    this.penalties.push([peer, code]);
  }

  broadcast(type: string, payload: Uint8Array, filter: (peer: PeerInfo) => boolean = () => true): number {
    const to = this.connected.filter(filter).map(({ nodeId }) => nodeId);
    this.sent.push({ type, payload, to });
    return to.length;
  }

  /** Answers the oldest question. */
  async answer(answer: RequestAnswer): Promise<void> {
    this.asked.shift()?.answer(answer);
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  }
}

export const UNANSWERED: RequestAnswer = fail("TIMEOUT", "no answer");
