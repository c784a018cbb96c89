import { type EcdsaSignature, keccak256 } from "@festina/crypto";
import { concatBytes, EMPTY_BYTES, encodeRlp, hexToBytes, type RlpItem, rlpInteger } from "@festina/primitives";
import { type AccessListEntry, type Authorization, TRANSACTION_TYPE, type TransactionFields } from "./transaction.ts";

const SPONSORED_PAYER_DOMAIN = 0x55;

function accessListItem(list: readonly AccessListEntry[]): RlpItem {
  return list.map((entry) => [hexToBytes(entry.address), entry.storageKeys.map(hexToBytes)]);
}

function authorizationItem(authorization: Authorization): RlpItem {
  return [
    rlpInteger(authorization.chainId),
    hexToBytes(authorization.address),
    rlpInteger(authorization.nonce),
    rlpInteger(authorization.yParity),
    rlpInteger(authorization.r),
    rlpInteger(authorization.s),
  ];
}

function signatureItems(signature: EcdsaSignature): readonly RlpItem[] {
  return [rlpInteger(signature.yParity), rlpInteger(signature.r), rlpInteger(signature.s)];
}

/** 65 bytes r || s || yParity: how type 0x54 carries its two signatures. */
export function signatureBytes(signature: EcdsaSignature): Uint8Array {
  const digits = signature.r.toString(16).padStart(64, "0") + signature.s.toString(16).padStart(64, "0");
  return concatBytes(hexToBytes(`0x${digits}`), Uint8Array.of(signature.yParity));
}

/** The signed fields in wire order, without the type byte and signatures. */
function fieldItems(fields: TransactionFields): readonly RlpItem[] {
  const to = fields.to === null ? EMPTY_BYTES : hexToBytes(fields.to);
  const body = [rlpInteger(fields.gasLimit), to, rlpInteger(fields.valueWei), fields.data];
  const price = rlpInteger(fields.maxFeePerGasWei);
  const prices = [rlpInteger(fields.maxPriorityFeePerGasWei), price];
  const nonce = rlpInteger(fields.nonce);
  if (fields.type === TRANSACTION_TYPE.legacy) return [nonce, price, ...body];
  const chainId = rlpInteger(fields.chainId ?? 0n);
  const accessList = accessListItem(fields.accessList);
  switch (fields.type) {
    case TRANSACTION_TYPE.accessList:
      return [chainId, nonce, price, ...body, accessList];
    case TRANSACTION_TYPE.feeMarket:
      return [chainId, nonce, ...prices, ...body, accessList];
    case TRANSACTION_TYPE.setCode:
      return [chainId, nonce, ...prices, ...body, accessList, fields.authorizations.map(authorizationItem)];
    case TRANSACTION_TYPE.sponsored: {
      const sponsorship = fields.sponsorship;
      if (sponsorship === null) throw new RangeError("a sponsored transaction needs its sponsorship");
      const extra = [
        rlpInteger(sponsorship.feeWei),
        hexToBytes(sponsorship.payer),
        rlpInteger(sponsorship.validUntilSeconds),
      ];
      return [chainId, nonce, ...prices, ...body, accessList, ...extra];
    }
  }
}

function typed(type: number, items: readonly RlpItem[]): Uint8Array {
  return concatBytes(Uint8Array.of(type), encodeRlp(items));
}

/** The 32 bytes that the sender signs. */
export function transactionSigningHash(fields: TransactionFields): Uint8Array {
  const items = fieldItems(fields);
  if (fields.type !== TRANSACTION_TYPE.legacy) return keccak256(typed(fields.type, items));
  const replayProtection = fields.chainId === null ? [] : [rlpInteger(fields.chainId), EMPTY_BYTES, EMPTY_BYTES];
  return keccak256(encodeRlp([...items, ...replayProtection]));
}

/** The 32 bytes that the payer signs: keccak(0x55 || rlp([sender's signing hash, sender's signature])). */
export function payerSigningHash(fields: TransactionFields, senderSignature: EcdsaSignature): Uint8Array {
  const items = [transactionSigningHash(fields), signatureBytes(senderSignature)];
  return keccak256(typed(SPONSORED_PAYER_DOMAIN, items));
}

/** The 32 bytes that an EIP-7702 authority signs. */
export function authorizationSigningHash(
  authorization: Pick<Authorization, "chainId" | "address" | "nonce">,
): Uint8Array {
  const items = [rlpInteger(authorization.chainId), hexToBytes(authorization.address), rlpInteger(authorization.nonce)];
  return keccak256(typed(0x05, items));
}

export function encodeTransaction(
  fields: TransactionFields,
  signature: EcdsaSignature,
  payerSignature: EcdsaSignature | null,
): Uint8Array {
  const items = fieldItems(fields);
  if (fields.type === TRANSACTION_TYPE.legacy) {
    const recovery = BigInt(signature.yParity);
    const v = fields.chainId === null ? 27n + recovery : fields.chainId * 2n + 35n + recovery;
    return encodeRlp([...items, rlpInteger(v), rlpInteger(signature.r), rlpInteger(signature.s)]);
  }
  if (fields.type === TRANSACTION_TYPE.sponsored) {
    if (payerSignature === null) throw new RangeError("a sponsored transaction needs its payer's signature");
    return typed(fields.type, [...items, signatureBytes(signature), signatureBytes(payerSignature)]);
  }
  return typed(fields.type, [...items, ...signatureItems(signature)]);
}
