import { DEVELOPMENT_KEYS, DEVELOPMENT_MNEMONIC } from "@festina/chainspec";
import { bytesToHex } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { deriveAccounts, developmentAccounts } from "../../src/accounts/developmentAccounts.ts";

describe("development accounts", () => {
  it("are written out as the phrase gives them", async () => {
    const derived = await deriveAccounts(DEVELOPMENT_KEYS.length, DEVELOPMENT_MNEMONIC);
    const plain = derived.map(({ address, secretKey }) => ({ address, secretKey: bytesToHex(secretKey) }));
    expect(plain).toEqual(DEVELOPMENT_KEYS);
  });

  it("go on beyond what is written out", async () => {
    const many = await developmentAccounts(DEVELOPMENT_KEYS.length + 2);
    const few = await developmentAccounts(3);
    expect(many).toHaveLength(12);
    expect(many.slice(0, 3)).toEqual(few);
    // The eleventh and twelfth account that other tools show for this phrase.
    expect(many.slice(10).map(({ address }) => address)).toEqual([
      "0xbcd4042de499d14e55001ccbb24a551f3b954096",
      "0x71be63f3384f5fb98995898a86b02fb2426c5788",
    ]);
  });

  it("of other phrases are others", async () => {
    const phrase = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    const [first] = await deriveAccounts(1, phrase);
    expect(first?.address).toBe("0x9858effd232b4033e47d90003d41ec34ecaeda94");
  });
});
