// What one member of the core level is given: the world around it, and its own keys, disk and luck.
import type { SignatureSuite, SigningContext } from "@festina/crypto";
import type { BftTiming, SignedRequest } from "@festina/fastchain";
import type { Certificate, Committee, Evidence } from "@festina/types";
import type { SimDisk } from "../world/disk.ts";
import type { ScheduledEvent } from "../world/scheduler.ts";
import type { Dice } from "../world/streams.ts";
import type { CoreMessage } from "./message.ts";
import type { StubBlock } from "./stubBlock.ts";
import type { HostWorld } from "./stubHost.ts";

/** What a member asks of the world it lives in. */
export interface MemberWorld extends HostWorld {
  after(delayMs: number, run: () => void): ScheduledEvent;
  send(to: number, message: CoreMessage): void;
  committee(epoch: number): Committee;
  context(epoch: number): SigningContext;
  hasWork(): boolean;
  onSigned(epoch: number, request: SignedRequest): void;
  onFinal(block: StubBlock, certificate: Certificate | null): void;
  /** The member has verified it. */
  onCertificate(certificate: Certificate): void;
  onSkipped(epoch: number, view: number): void;
  onEvidence(evidence: Evidence): void;
  onBlamed(process: number, code: string): void;
  /** Why the member does not vote from now on; `null` when it does again. */
  onSilence(reason: string | null): void;
  /** The process cannot go on. */
  onDied(reason: string): void;
}

export interface MemberOptions {
  readonly index: number;
  readonly processes: number;
  readonly suite: SignatureSuite;
  readonly secretKey: Uint8Array;
  readonly timing: BftTiming;
  readonly dice: Dice;
  readonly disk: SimDisk;
  /** The network is new: nobody can have signed anything yet, so a missing record is no loss. */
  readonly isFirstStart: boolean;
}
