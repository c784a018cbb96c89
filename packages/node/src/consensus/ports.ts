import type { Greeting } from "@festina/fastchain";
import type { Hash32 } from "@festina/primitives";
import type { Certificate, FastBlock, PrePrepare, Vote } from "@festina/types";

/** How consensus reaches other members. Lossy: the core repeats what matters. */
export interface ConsensusNetwork {
  broadcastPrePrepare(message: PrePrepare): void;
  broadcastVote(vote: Vote): void;
  /** To a peer that has just come. */
  greet(to: string, greeting: Greeting): void;
  /** To all peers but these. */
  broadcastCertificate(certificate: Certificate, except: ReadonlySet<string>): void;
  sendCertificate(to: string, certificate: Certificate): void;
  /** This peer sent a consensus message that is not by whom it names, or not what was signed. */
  blame(peer: string): void;
  /** From this peer, or from anyone when it is empty or does not have it. `null` when nobody answers. */
  fetchBlock(hash: Hash32, from: string): Promise<FastBlock | null>;
  /** Certificates of one view that peers hold. */
  fetchCertificates(epoch: number, view: number, from: string): Promise<readonly Certificate[]>;
}
