import { addressOfSecretKey, recoverPublicKey, signHash } from "@festina/crypto";
import { bytesToHex, hexToBytes } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { Transaction as EthersTransaction } from "ethers";
import fc from "fast-check";
import {
  type Authorization,
  authorizationSigningHash,
  decodeTransaction,
  recoverAuthority,
  recoverTransaction,
  signTransaction,
  type TransactionFields,
} from "../src/index.ts";
import { address, aTransaction, hash } from "./samples.ts";

const SENDER_KEY = new Uint8Array(32).fill(7);
const PAYER_KEY = new Uint8Array(32).fill(8);
const unsigned = { chainId: 1337n, address: address("77"), nonce: 4n };
const authorization: Authorization = { ...unsigned, ...signHash(authorizationSigningHash(unsigned), SENDER_KEY) };
const accessList = [{ address: address("33"), storageKeys: [hash("44"), hash("55")] }];
const price = { maxFeePerGasWei: 9n, maxPriorityFeePerGasWei: 9n };
const sponsorship = { feeWei: 11n, payer: addressOfSecretKey(PAYER_KEY), validUntilSeconds: 1_900_000_000n };

const ethereumTypes: [string, TransactionFields][] = [
  ["legacy", aTransaction({ type: 0, ...price })],
  ["legacy before EIP-155", aTransaction({ type: 0, ...price, chainId: null })],
  ["creation", aTransaction({ to: null })],
  ["access list", aTransaction({ type: 1, ...price, accessList })],
  ["fee market", aTransaction({ accessList })],
  ["set code", aTransaction({ type: 4, authorizations: [authorization] })],
];
const sponsored = aTransaction({ type: 0x54, sponsorship });

describe("Ethereum transaction types", () => {
  it.each(ethereumTypes)("%s: same bytes, hash and sender as ethers", (_name, fields) => {
    const signed = signTransaction(fields, SENDER_KEY);
    const oracle = EthersTransaction.from(bytesToHex(signed.encoded));
    expect([oracle.hash, oracle.from?.toLowerCase(), oracle.serialized]).toEqual([
      signed.hash,
      signed.sender,
      bytesToHex(signed.encoded),
    ]);
    const decoded = decodeTransaction(signed.encoded);
    expect(decoded.ok && recoverTransaction(decoded.value, recoverPublicKey)).toEqual({ ok: true, value: signed });
  });

  it("finds the authority of a set-code authorization", () => {
    expect(recoverAuthority(authorization, recoverPublicKey)).toBe(addressOfSecretKey(SENDER_KEY));
    expect(recoverAuthority({ ...authorization, nonce: 5n }, recoverPublicKey)).not.toBe(
      addressOfSecretKey(SENDER_KEY),
    );
  });

  it("refuses blobs with a code of their own and unknown types", () => {
    const code = (bytes: Uint8Array): string => {
      const decoded = decodeTransaction(bytes);
      return decoded.ok ? "ok" : decoded.error.code;
    };
    expect(code(Uint8Array.of(3, 0xc0))).toBe("TX_BLOB_UNSUPPORTED");
    expect(code(Uint8Array.of(0x55, 0xc0))).toBe("TX_TYPE_UNKNOWN");
    expect(code(new Uint8Array(0))).toBe("TX_MALFORMED");
    expect(code(new Uint8Array(200_000).fill(0xc0))).toBe("TX_MALFORMED");
  });
});

describe("sponsored transactions", () => {
  const signed = signTransaction(sponsored, SENDER_KEY, PAYER_KEY);

  it("survive encoding, with both signers found", () => {
    const decoded = decodeTransaction(signed.encoded);
    expect(decoded.ok && recoverTransaction(decoded.value, recoverPublicKey)).toEqual({ ok: true, value: signed });
  });

  it("are refused when another than the named payer signed", () => {
    const forged = signTransaction(sponsored, SENDER_KEY, SENDER_KEY);
    const recovered = recoverTransaction(forged, recoverPublicKey);
    expect(recovered.ok ? "" : recovered.error.code).toBe("TX_PAYER_SIGNATURE_INVALID");
  });

  it("flaw 18: a changed payer signature never yields the same transaction under another hash", () => {
    const { payerSignature } = signed;
    const mirrored = {
      ...signed,
      payerSignature:
        payerSignature &&
        ({
          ...payerSignature,
          s: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n - payerSignature.s,
          yParity: payerSignature.yParity === 1 ? 0 : 1,
        } as const),
    };
    const recovered = recoverTransaction(mirrored, recoverPublicKey);
    expect(recovered.ok ? "" : recovered.error.code).toBe("TX_PAYER_SIGNATURE_INVALID");
  });

  it("flaw 19: the payer's agreement covers every field the sender signed", () => {
    const changes: Partial<TransactionFields>[] = [
      { gasLimit: 90_001n },
      { maxFeePerGasWei: 3_000_000_000n },
      { valueWei: 6n },
      { sponsorship: { ...sponsorship, feeWei: 12n } },
      { sponsorship: { ...sponsorship, validUntilSeconds: 1_900_000_001n } },
    ];
    for (const change of changes) {
      const recovered = recoverTransaction({ ...signed, ...change }, recoverPublicKey);
      expect(recovered.ok && recovered.value.sender === signed.sender).toBe(false);
    }
  });
});

describe("garbage", () => {
  it("never throws, and what decodes encodes back to the same bytes", () => {
    const samples = [
      ...ethereumTypes.map(([, fields]) => signTransaction(fields, SENDER_KEY)),
      signTransaction(sponsored, SENDER_KEY, PAYER_KEY),
    ];
    const mutated = fc.tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(255)).map(([sample, at, value]) => {
      const bytes = sample.encoded.slice();
      bytes[at % bytes.length] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const decoded = decodeTransaction(bytes);
        if (decoded.ok) {
          expect(bytesToHex(decoded.value.encoded)).toBe(bytesToHex(bytes));
          recoverTransaction(decoded.value, recoverPublicKey);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(hexToBytes("0x")).toHaveLength(0);
  });
});
