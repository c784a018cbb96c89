import type { Address } from "@festina/primitives";
import { type DevelopmentRequest, NO_DEVELOPMENT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { blockTerms } from "../../src/chain/development.ts";
import { aSpec } from "./members.ts";

const PAYOUT = `0x${"0a".repeat(20)}` as Address;
const CHOSEN = {
  ...NO_DEVELOPMENT,
  gasLimit: 50_000n,
  baseFeePerGasWei: 5n,
  coinbase: `0x${"0b".repeat(20)}` as Address,
};
const spec = aSpec();
/** Its gas limit is not the preset's. */
const parent = { header: { gasLimit: 70_000n, gasUsed: 35_000n, baseFeePerGasWei: 1_000n } };
const termsOf = (request: DevelopmentRequest | undefined, isDevelopment: boolean) =>
  blockTerms(parent as never, PAYOUT, request, isDevelopment ? { ...spec, development: true } : spec);

describe("the terms of a block", () => {
  it("have the gas limit of the preset, and on a development chain the parent's", () => {
    expect(termsOf(undefined, false)).toMatchObject({ gasLimit: spec.preset.fastGasLimit, coinbase: PAYOUT });
    expect(termsOf(undefined, true)).toMatchObject({ gasLimit: 70_000n, coinbase: PAYOUT });
    expect(termsOf(NO_DEVELOPMENT, true)).toMatchObject({ gasLimit: 70_000n, coinbase: PAYOUT });
  });

  it("are what the developer chooses", () => {
    const { gasLimit, baseFeePerGasWei, coinbase } = CHOSEN;
    expect(termsOf(CHOSEN, true)).toEqual({ gasLimit, baseFeePerGasWei, coinbase });
  });
});
