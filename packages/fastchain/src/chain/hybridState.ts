import {
  type Candidate,
  candidateItem,
  type ElectionTracker,
  electionTrackerItem,
  readCandidate,
  readElectionTracker,
} from "@festina/election";
import {
  encodeRlp,
  type Hash32,
  hexToBytes,
  type Result,
  RlpEncoded,
  type RlpReader,
  readRlp,
  rlpInteger,
} from "@festina/primitives";
import {
  type Committee,
  committeeItem,
  encodeFastHeader,
  type FastHeader,
  fastTimeMs,
  hashFastHeader,
  readCommittee,
  readFastHeader,
} from "@festina/types";
import { type Absences, absencesItem, readAbsences } from "./absences.ts";
import { type Participation, participationItem, readParticipation } from "./participation.ts";
import { readSlashedMember, type SlashedMember, slashedMemberItem } from "./slashedMember.ts";
import { readSupply, type Supply, supplyItem } from "./supply.ts";

/** The snail block that a fast block points to, and how fresh its view of the fast chain is. */
export interface PointerState {
  readonly number: number;
  readonly hash: Hash32;
  /** Time of the fast block that the pointed snail block anchors. */
  readonly anchorTimeMs: number;
}

/**
 * What the validity of the next block depends on, besides the accounts: the hybrid consensus as it stands after a block.
 * An immutable value, carried along every branch and stored with every committed block.
 */
export interface HybridState {
  readonly header: FastHeader;
  readonly hash: Hash32;
  /** Epoch and committee of the NEXT block. */
  readonly committee: Committee;
  /** The committee of the epoch before: its certificate for the boundary block is still to come on chain. */
  readonly previousCommittee: Committee | null;
  /** The block on which the epoch stands: genesis, or the boundary block. */
  readonly epochBaseNumber: number;
  readonly epochBaseHash: Hash32;
  readonly pointer: PointerState;
  /** Highest block whose COMMITTED certificate is on chain. */
  readonly certifiedNumber: number;
  readonly participation: Participation;
  readonly absences: Absences;
  /** Validators that no further evidence can hurt, in the order in which they were slashed. */
  readonly slashed: readonly SlashedMember[];
  readonly election: ElectionTracker;
  /** First fast block inside the following election's window; 0 while that has not opened. */
  readonly nextWindowHeight: number;
  /** Registered validators when a window was last frozen; empty before the first. */
  readonly candidates: readonly Candidate[];
  readonly supply: Supply;
}

export function hybridTimeMs(state: HybridState): number {
  return fastTimeMs(state.header);
}

/** Frozen once an epoch, stored with every block. */
const candidateLists = new WeakMap<readonly Candidate[], RlpEncoded>();

function candidatesItem(candidates: readonly Candidate[]): RlpEncoded {
  let item = candidateLists.get(candidates);
  if (item === undefined) {
    item = new RlpEncoded(candidates.map(candidateItem));
    candidateLists.set(candidates, item);
  }
  return item;
}

export function encodeHybridState(state: HybridState): Uint8Array {
  return encodeRlp([
    encodeFastHeader(state.header),
    committeeItem(state.committee),
    state.previousCommittee === null ? [] : [committeeItem(state.previousCommittee)],
    rlpInteger(state.epochBaseNumber),
    hexToBytes(state.epochBaseHash),
    rlpInteger(state.pointer.number),
    hexToBytes(state.pointer.hash),
    rlpInteger(state.pointer.anchorTimeMs),
    rlpInteger(state.certifiedNumber),
    participationItem(state.participation),
    absencesItem(state.absences),
    state.slashed.map(slashedMemberItem),
    electionTrackerItem(state.election),
    rlpInteger(state.nextWindowHeight),
    candidatesItem(state.candidates),
    supplyItem(state.supply),
  ]);
}

const CANDIDATES_MAX = 1_024;
/** Far more than could register, sit and be slashed within one evidence window. */
const SLASHED_MAX = 65_536;

function readHeaderBytes(reader: RlpReader): FastHeader {
  const decoded = readRlp(reader.bytes("header"), "header", readFastHeader);
  return decoded.ok ? decoded.value : reader.refuse(decoded.error.message);
}

export function decodeHybridState(bytes: Uint8Array): Result<HybridState, "DECODE_INVALID"> {
  return readRlp(bytes, "hybridState", (reader) => {
    const header = readHeaderBytes(reader);
    return {
      header,
      hash: hashFastHeader(header),
      committee: reader.list("committee", readCommittee),
      previousCommittee:
        reader.many("previousCommittee", 1, (list) => list.list("committee", readCommittee))[0] ?? null,
      epochBaseNumber: reader.number("epochBaseNumber"),
      epochBaseHash: reader.hash("epochBaseHash"),
      pointer: {
        number: reader.number("pointerNumber"),
        hash: reader.hash("pointerHash"),
        anchorTimeMs: reader.number("anchorTimeMs"),
      },
      certifiedNumber: reader.number("certifiedNumber"),
      participation: reader.list("participation", readParticipation),
      absences: readAbsences(reader),
      slashed: reader.many("slashed", SLASHED_MAX, (list) => list.list("member", readSlashedMember)),
      election: reader.list("election", readElectionTracker),
      nextWindowHeight: reader.number("nextWindowHeight"),
      candidates: reader.many("candidates", CANDIDATES_MAX, (list) => list.list("candidate", readCandidate)),
      supply: reader.list("supply", readSupply),
    };
  });
}
