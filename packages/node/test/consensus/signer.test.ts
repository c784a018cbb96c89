import { createMemoryDisk } from "@festina/adapters";
import { keccak256, type SignatureSuite } from "@festina/crypto";
import { concatBytes, ZERO_HASH } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { createIdleJournal } from "../../src/consensus/journal.ts";
import { openRecordFile } from "../../src/consensus/recordFile.ts";
import { createSigner } from "../../src/consensus/signer.ts";

const contextOf = (epoch: number) => ({ chainId: 1n, genesisHash: ZERO_HASH, epoch });

function signerThatCounts() {
  const made = { signatures: 0 };
  const suite = {
    publicKey: (key: Uint8Array) => key,
    sign: (key: Uint8Array, message: Uint8Array) => {
      made.signatures += 1;
      return keccak256(concatBytes(key, message));
    },
  } as unknown as SignatureSuite;
  return {
    signer: createSigner(Uint8Array.of(1), suite, openRecordFile(createMemoryDisk()), createIdleJournal()),
    made,
  };
}

describe("a signer's beacon reveal", () => {
  it("is made once, however often it is asked for", () => {
    const { signer, made } = signerThatCounts();
    const reveal = signer.reveal(contextOf(1), 7);
    expect(signer.reveal(contextOf(1), 7)).toEqual(reveal);
    expect(made.signatures).toBe(1);
  });

  it("is another one in another view or epoch, and the same again after them", () => {
    const { signer } = signerThatCounts();
    const first = signer.reveal(contextOf(1), 7);
    const others = [signer.reveal(contextOf(1), 8), signer.reveal(contextOf(2), 8), signer.reveal(contextOf(2), 7)];
    for (const other of others) expect(other).not.toEqual(first);
    expect(signer.reveal(contextOf(1), 7)).toEqual(first);
  });
});
