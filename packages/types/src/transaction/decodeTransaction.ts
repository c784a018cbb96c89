import { type EcdsaSignature, keccakHash } from "@festina/crypto";
import { bytesToBigint, fail, ok, type Result, type RlpReader, readRlp } from "@festina/primitives";
import {
  type AccessListEntry,
  type Authorization,
  TRANSACTION_TYPE,
  type Transaction,
  type TransactionFields,
} from "./transaction.ts";

export type TransactionDecodeCode = "TX_MALFORMED" | "TX_TYPE_UNKNOWN" | "TX_BLOB_UNSUPPORTED";

/** A transaction above this is refused before it is parsed; blocks cap their own bytes besides. */
export const TRANSACTION_BYTES_MAX = 128 * 1024;
// Above what 2^24 gas, the most a transaction may have, can pay for: 6,981 addresses, 670 authorizations.
const ACCESS_LIST_MAX = 8_192;
const AUTHORIZATIONS_MAX = 1_024;
const BLOB_TYPE = 0x03;

type Body = TransactionFields & { readonly signature: EcdsaSignature; readonly payerSignature: EcdsaSignature | null };

function parity(reader: RlpReader, value: bigint): 0 | 1 {
  reader.expect(value === 0n || value === 1n, "yParity is neither 0 nor 1");
  return value === 1n ? 1 : 0;
}

function accessList(reader: RlpReader): readonly AccessListEntry[] {
  return reader.many("accessList", ACCESS_LIST_MAX, (entries) =>
    entries.list("entry", (entry) => ({
      address: entry.address("address"),
      storageKeys: entry.many("storageKeys", ACCESS_LIST_MAX, (keys) => keys.hash("key")),
    })),
  );
}

function authorizations(reader: RlpReader): readonly Authorization[] {
  return reader.many("authorizations", AUTHORIZATIONS_MAX, (list) =>
    list.list("authorization", (item) => ({
      chainId: item.bigint("chainId"),
      address: item.address("address"),
      nonce: item.bigint("nonce", 8),
      yParity: parity(item, item.bigint("yParity", 1)),
      r: item.bigint("r"),
      s: item.bigint("s"),
    })),
  );
}

function plainSignature(reader: RlpReader): EcdsaSignature {
  return { yParity: parity(reader, reader.bigint("yParity", 1)), r: reader.bigint("r"), s: reader.bigint("s") };
}

function packedSignature(reader: RlpReader, field: string): EcdsaSignature {
  const bytes = reader.bytes(field, { exact: 65 });
  return {
    r: bytesToBigint(bytes.subarray(0, 32)),
    s: bytesToBigint(bytes.subarray(32, 64)),
    yParity: parity(reader, BigInt(bytes[64] as number)),
  };
}

function callFields(reader: RlpReader) {
  return {
    gasLimit: reader.bigint("gasLimit", 8),
    to: reader.addressOrNull("to"),
    valueWei: reader.bigint("value"),
    data: reader.bytes("data"),
  };
}

const NO_EXTRAS = { accessList: [], authorizations: [], sponsorship: null, payerSignature: null } as const;

function legacyBody(reader: RlpReader): Body {
  const nonce = reader.bigint("nonce", 8);
  const price = reader.bigint("gasPrice");
  const call = callFields(reader);
  const v = reader.bigint("v");
  const r = reader.bigint("r");
  const s = reader.bigint("s");
  reader.expect(v === 27n || v === 28n || v >= 35n, "v is not a recovery value");
  const chainId = v >= 35n ? (v - 35n) / 2n : null;
  const yParity = parity(reader, v >= 35n ? (v - 35n) % 2n : v - 27n);
  const prices = { maxFeePerGasWei: price, maxPriorityFeePerGasWei: price };
  return { type: 0x00, chainId, nonce, ...prices, ...call, ...NO_EXTRAS, signature: { yParity, r, s } };
}

function typedBody(reader: RlpReader, type: 0x01 | 0x02 | 0x04 | 0x54): Body {
  const chainId = reader.bigint("chainId");
  const nonce = reader.bigint("nonce", 8);
  const priority = reader.bigint(type === TRANSACTION_TYPE.accessList ? "gasPrice" : "maxPriorityFeePerGas");
  const maxFee = type === TRANSACTION_TYPE.accessList ? priority : reader.bigint("maxFeePerGas");
  const prices = { maxFeePerGasWei: maxFee, maxPriorityFeePerGasWei: priority };
  const call = callFields(reader);
  const common = { ...NO_EXTRAS, type, chainId, nonce, ...prices, ...call, accessList: accessList(reader) };
  if (type === TRANSACTION_TYPE.setCode) {
    reader.expect(call.to !== null, "a set-code transaction has a recipient");
    const list = authorizations(reader);
    reader.expect(list.length > 0, "a set-code transaction has an authorization");
    return { ...common, authorizations: list, signature: plainSignature(reader) };
  }
  if (type !== TRANSACTION_TYPE.sponsored) return { ...common, signature: plainSignature(reader) };
  const sponsorship = {
    feeWei: reader.bigint("fee"),
    payer: reader.address("payer"),
    validUntilSeconds: reader.bigint("validUntil", 8),
  };
  const signature = packedSignature(reader, "senderSignature");
  return { ...common, sponsorship, signature, payerSignature: packedSignature(reader, "payerSignature") };
}

/** Decodes the canonical encoding. Signatures are only parsed here; `recoverTransaction` verifies them. */
export function decodeTransaction(bytes: Uint8Array): Result<Transaction, TransactionDecodeCode> {
  const first = bytes[0];
  if (first === undefined) return fail("TX_MALFORMED", "transaction is empty");
  if (bytes.length > TRANSACTION_BYTES_MAX) {
    return fail("TX_MALFORMED", `transaction exceeds ${TRANSACTION_BYTES_MAX} bytes`, { sizeBytes: bytes.length });
  }
  if (first === BLOB_TYPE) return fail("TX_BLOB_UNSUPPORTED", "this chain has no blobs; send the data as call data");
  const isLegacy = first >= 0xc0;
  if (!isLegacy && first !== 0x01 && first !== 0x02 && first !== 0x04 && first !== TRANSACTION_TYPE.sponsored) {
    return fail("TX_TYPE_UNKNOWN", `transaction type 0x${first.toString(16)} is not known`, { type: first });
  }
  const decoded = isLegacy
    ? readRlp(bytes, "transaction", legacyBody)
    : readRlp(bytes.subarray(1), "transaction", (reader) => typedBody(reader, first as 0x01 | 0x02 | 0x04 | 0x54));
  if (!decoded.ok) return fail("TX_MALFORMED", decoded.error.message);
  return ok({ ...decoded.value, hash: keccakHash(bytes), encoded: bytes.slice() });
}
