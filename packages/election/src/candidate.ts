import {
  type Address,
  bytesToHex,
  type Hex,
  hexToBytes,
  type RlpItem,
  type RlpReader,
  rlpInteger,
} from "@festina/primitives";

/** A registered validator as the election sees it, at the moment the window was frozen. */
export interface Candidate {
  readonly address: Address;
  readonly payout: Address;
  readonly publicKey: Hex;
  readonly depositWei: bigint;
  /** Height of its last `ready()`; 0 for validators of the genesis block. */
  readonly readyAt: number;
  /** In the registry's words: `seatVoid` (so before the first `ready()` too), `jailed`, `slashed`, or an exit was requested. */
  readonly isLeaving: boolean;
}

export function candidateItem(candidate: Candidate): RlpItem {
  return [
    hexToBytes(candidate.address),
    hexToBytes(candidate.payout),
    hexToBytes(candidate.publicKey),
    rlpInteger(candidate.depositWei),
    rlpInteger(candidate.readyAt),
    rlpInteger(candidate.isLeaving ? 1 : 0),
  ];
}

export function readCandidate(reader: RlpReader): Candidate {
  return {
    address: reader.address("address"),
    payout: reader.address("payout"),
    publicKey: bytesToHex(reader.bytes("publicKey", { max: 96 })),
    depositWei: reader.bigint("deposit"),
    readyAt: reader.number("readyAt"),
    isLeaving: reader.boolean("isLeaving"),
  };
}
