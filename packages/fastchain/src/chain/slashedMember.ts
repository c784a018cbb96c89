import { type Address, hexToBytes, type RlpItem, type RlpReader, rlpInteger } from "@festina/primitives";

/** A validator that was slashed, remembered for as long as evidence of its time in the committee still counts. */
export interface SlashedMember {
  readonly address: Address;
  /** The last epoch it can sit in: slashed in an epoch's last block, it was already drawn for the next. */
  readonly untilEpoch: number;
}

export function slashedMemberItem({ address, untilEpoch }: SlashedMember): RlpItem {
  return [hexToBytes(address), rlpInteger(untilEpoch)];
}

export function readSlashedMember(reader: RlpReader): SlashedMember {
  return { address: reader.address("address"), untilEpoch: reader.number("untilEpoch") };
}
