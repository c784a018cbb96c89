// How a member that lags gets blocks: it hears of heights, asks whoever is ahead, and takes what certificates prove.
import type { Hash32 } from "@festina/primitives";
import type { Certificate } from "@festina/types";
import type { CoreMessage } from "./message.ts";
import { decodeStubBlock, type StubBlock } from "./stubBlock.ts";
import type { StubChain } from "./stubChain.ts";

/** Members tell their height this often. */
export const STATUS_MS = 1_000;
const CHAIN_PARTS_MAX = 32;
/** Blocks that are asked for at a time, as in production. */
const ASKED_MAX = 64;

export interface ExchangePorts {
  nowMs(): number;
  send(to: number, message: CoreMessage): void;
  /** Whether a quorum of its epoch's committee signed. */
  isCertified(certificate: Certificate): boolean;
  commit(hash: Hash32, certificate: Certificate): void;
  /** A block that was asked for is here. */
  onBlock(block: StubBlock): void;
  /** Blocks up to this height are final now. */
  onCaughtUp(height: number, certificate: Certificate): void;
}

type ExchangeMessage = Extract<CoreMessage, { kind: "status" | "askBlock" | "block" | "askChain" | "chain" }>;

export class ChainExchange {
  readonly #chain: StubChain;
  readonly #ports: ExchangePorts;
  readonly #asked = new Set<Hash32>();
  #isAsking = false;

  constructor(chain: StubChain, ports: ExchangePorts) {
    this.#chain = chain;
    this.#ports = ports;
  }

  /** A block with this hash is about to be asked for. */
  expect(hash: Hash32): void {
    this.#asked.add(hash);
    const [oldest] = this.#asked;
    if (this.#asked.size > ASKED_MAX && oldest !== undefined) this.#asked.delete(oldest);
  }

  /** Once per status interval: an answer that has not come by then was lost. */
  onBeat(): void {
    this.#isAsking = false;
  }

  receive(from: number, message: ExchangeMessage): void {
    switch (message.kind) {
      case "status":
        return this.#onStatus(from, message.height);
      case "askBlock": {
        const block = this.#chain.block(message.hash);
        if (block !== undefined) this.#ports.send(from, { kind: "block", envelope: block.envelope });
        return;
      }
      case "block": {
        const read = decodeStubBlock(message.envelope);
        // As in production, only what was asked for is taken: damage on the way makes another block of it.
        if (read.ok && this.#asked.delete(read.value.hash) && this.#chain.addOpen(read.value))
          this.#ports.onBlock(read.value);
        return;
      }
      case "askChain": {
        const parts = this.#chain.parts(message.fromHeight, CHAIN_PARTS_MAX);
        if (parts.length > 0) this.#ports.send(from, { kind: "chain", fromHeight: message.fromHeight, parts });
        return;
      }
      case "chain":
        return this.#onChain(message);
    }
  }

  #onStatus(from: number, height: number): void {
    const own = this.#chain.height;
    if (height <= own || this.#isAsking) return;
    // One block behind is what a member is all the time: its own core is about to commit it.
    if (height === own + 1 && this.#ports.nowMs() % (2 * STATUS_MS) > STATUS_MS) return;
    this.#isAsking = true;
    this.#ports.send(from, { kind: "askChain", fromHeight: own + 1 });
  }

  /** As many as stand on our head and are certified. */
  #onChain({ parts }: Extract<CoreMessage, { kind: "chain" }>): void {
    let newest: { readonly height: number; readonly certificate: Certificate } | null = null;
    for (const { envelope, certificate } of parts) {
      const read = decodeStubBlock(envelope);
      if (!read.ok) break;
      const block = read.value;
      if (block.height <= this.#chain.height) continue;
      if (!this.#chain.addOpen(block)) break;
      if (certificate === null) continue;
      if (!this.#adopt(block, certificate)) break;
      newest = { height: block.height, certificate };
    }
    if (newest !== null) this.#ports.onCaughtUp(newest.height, newest.certificate);
  }

  /** Executes and commits the open branch that ends here, if it is certified and stands on our head. */
  #adopt(block: StubBlock, certificate: Certificate): boolean {
    const isFitting = certificate.kind === "committed" && certificate.blockHash === block.hash;
    if (!isFitting || certificate.epoch !== block.epoch || block.epoch !== this.#chain.nextEpoch) return false;
    const branch: StubBlock[] = [];
    let at: StubBlock | undefined = block;
    for (; at !== undefined && at.height > this.#chain.height; at = this.#chain.openBlock(at.parentHash))
      branch.unshift(at);
    if (branch[0]?.parentHash !== this.#chain.headHash || !this.#ports.isCertified(certificate)) return false;
    if (!branch.every(({ hash }) => this.#chain.execute(hash).ok)) return false;
    this.#ports.commit(block.hash, certificate);
    return true;
  }
}
