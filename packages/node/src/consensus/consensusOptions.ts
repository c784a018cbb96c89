import type { BftTiming } from "@festina/fastchain";
import type { Clock } from "@festina/primitives";
import type { Committee, Evidence, PrePrepare, Vote } from "@festina/types";
import type { FastChain } from "../chain/fastChain.ts";
import type { Log } from "../log.ts";
import type { ConsensusJournal } from "./journal.ts";
import type { ConsensusNetwork } from "./ports.ts";
import type { PointerJudge } from "./proposalJudge.ts";
import type { Proposer } from "./proposer.ts";
import type { Signer } from "./signer.ts";

/** What consensus needs of the rest of the node. */
export interface ConsensusOptions {
  readonly chain: FastChain;
  readonly network: ConsensusNetwork;
  readonly pointers: PointerJudge;
  readonly isFromLeader: (message: PrePrepare, peer: string, committee: Committee) => boolean;
  readonly isFromVoter: (vote: Vote, peer: string, committee: Committee) => boolean;
  /** `null`: this node follows without voting. */
  readonly signer: Signer | null;
  readonly journal: ConsensusJournal;
  readonly timing: BftTiming;
  /** Whether recovery lets the sitting committee sign. */
  readonly maySign: () => boolean;
  readonly clock: Clock;
  /** Unix milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
  readonly proposer: Pick<Proposer, "build" | "hasWork">;
  /** Proof that members broke the voting rules. */
  readonly onMisbehaviour: (evidence: Evidence, from: string) => void;
  /** Something failed that must not be survived. */
  readonly onFatal: (error: unknown) => void;
}
