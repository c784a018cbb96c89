import { createPrng, encodeRlp, type Hash32, hexToBytes, rlpInteger, toHash32 } from "@festina/primitives";
import { EMPTY_ACCOUNT } from "@festina/tvm";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { type AccountRecord, decodeAccountRecord, encodeAccountRecord } from "../../src/world/accountRecord.ts";

const edges = [0n, 1n, 0x7fn, 0x80n, 0xffn, 0x100n, 2n ** 53n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 128n - 1n, 2n ** 128n];
const wide = [...edges, 2n ** 192n - 1n, 2n ** 192n, 2n ** 255n, 2n ** 256n - 1n];

/** By the general encoder. */
const expected = ({ nonce, balanceWei, storageRoot, codeHash }: AccountRecord): Uint8Array =>
  encodeRlp([rlpInteger(nonce), rlpInteger(balanceWei), hexToBytes(storageRoot), hexToBytes(codeHash)]);

describe("encodeAccountRecord", () => {
  it("writes what the general encoder writes, at every length of nonce and balance", () => {
    const random = createPrng(5);
    const someHash = (): Hash32 => toHash32(random.bytes(32));
    for (const nonce of edges.filter((value) => value < 2n ** 64n))
      for (const balanceWei of wide)
        for (const [storageRoot, codeHash] of [
          [EMPTY_ROOT, EMPTY_ACCOUNT.codeHash],
          [someHash(), EMPTY_ACCOUNT.codeHash],
          [someHash(), someHash()],
        ] as const) {
          const record = { nonce, balanceWei, storageRoot, codeHash };
          const encoded = encodeAccountRecord(record);
          expect(encoded).toEqual(expected(record));
          expect(decodeAccountRecord(encoded)).toEqual(record);
        }
  });

  it("leaves records alone that were written before", () => {
    const records = Array.from({ length: 60 }, (_, i) => ({
      ...EMPTY_ACCOUNT,
      nonce: BigInt(i),
      balanceWei: 10n ** BigInt(i),
      storageRoot: EMPTY_ROOT,
    }));
    const encoded = records.map(encodeAccountRecord);
    expect(encoded.map(decodeAccountRecord)).toEqual(records);
  });
});
