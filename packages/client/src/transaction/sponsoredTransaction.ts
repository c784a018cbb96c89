// Transactions of type 0x54: an account signs what it wants done, another signs that it pays the gas
// (docs/spec/transactions.md).
import {
  type AccessList,
  type Address,
  concatHex,
  type Hash,
  type Hex,
  keccak256,
  numberToHex,
  size,
  toRlp,
} from "viem";

export interface SponsoredTransaction {
  readonly chainId: number;
  readonly nonce: number;
  /** Wei; paid by the payer. */
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  readonly gas: bigint;
  /** `null` creates a contract. */
  readonly to: Address | null;
  /** Wei; the sender's. */
  readonly value: bigint;
  readonly data: Hex;
  readonly accessList?: AccessList;
  /** Wei that the sender pays for being served; goes to the committee. */
  readonly fee: bigint;
  readonly payer: Address;
  /** Unix seconds of the last block that may have it. */
  readonly validUntil: bigint;
}

/** 65 bytes r || s || v, as viem's accounts sign. */
export type Signature65 = Hex;

const TYPE = "0x54";
const PAYER_DOMAIN = "0x55";
const SIGNATURE_BYTES = 65;
const V_OFFSET = 27;

type RlpTree = Hex | readonly RlpTree[];
const integer = (value: bigint | number): Hex => (BigInt(value) === 0n ? "0x" : numberToHex(value));

function fieldsOf(transaction: SponsoredTransaction): RlpTree[] {
  const { chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gas, to, value, data, accessList = [] } = transaction;
  return [
    ...[chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gas].map(integer),
    to ?? "0x",
    integer(value),
    data,
    accessList.map(({ address, storageKeys }) => [address, storageKeys]),
    integer(transaction.fee),
    transaction.payer,
    integer(transaction.validUntil),
  ];
}

/** The chain's form of a signature: its last byte is the parity of y. @throws RangeError for anything but 65 bytes */
function toWire(signature: Signature65): Hex {
  const v = Number.parseInt(signature.slice(-2), 16);
  const yParity = v >= V_OFFSET ? v - V_OFFSET : v;
  if (size(signature) !== SIGNATURE_BYTES || (yParity !== 0 && yParity !== 1))
    throw new RangeError("a signature is 65 bytes: r, s, and 0, 1, 27 or 28");
  return concatHex([signature.slice(0, -2) as Hex, numberToHex(yParity, { size: 1 })]);
}

/** What the sender signs. */
export function sponsoredSenderHash(transaction: SponsoredTransaction): Hash {
  return keccak256(concatHex([TYPE, toRlp(fieldsOf(transaction))]));
}

/** What the payer signs once the sender has. */
export function sponsoredPayerHash(transaction: SponsoredTransaction, senderSignature: Signature65): Hash {
  const signed = toRlp([sponsoredSenderHash(transaction), toWire(senderSignature)]);
  return keccak256(concatHex([PAYER_DOMAIN, signed]));
}

/** The bytes for `eth_sendRawTransaction`. */
export function serializeSponsoredTransaction(
  transaction: SponsoredTransaction,
  signatures: { readonly sender: Signature65; readonly payer: Signature65 },
): Hex {
  const fields = [...fieldsOf(transaction), toWire(signatures.sender), toWire(signatures.payer)];
  return concatHex([TYPE, toRlp(fields)]);
}
