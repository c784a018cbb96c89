// What dishonest miners gain: nothing beyond their share of the work, give or take luck.
import { describe, expect, it, jest } from "@jest/globals";
import { runMinerClass } from "../../src/run/runMinerClass.ts";
import { MINER_CLASSES } from "../../src/wholeNode/miners/minerClasses.ts";

const SHARE_OF_WORK = 0.3;
/** Some twenty blocks and ninety fruits: two standard deviations of their luck. */
const LUCK = 0.12;

/** Of the machine, which may be busy with other things. */
jest.setTimeout(240_000);

describe("a dishonest miner", () => {
  it.each(MINER_CLASSES)("is paid for no more than its share of the work: %s", async (minerClass) => {
    const report = await runMinerClass({ seed: 5, minerClass, shareOfWork: SHARE_OF_WORK, seconds: 40 });
    expect(report.violations).toBe(0);
    expect(report.snailBlocks).toBeGreaterThan(8);
    expect(report.acts).toBeGreaterThan(0);
    expect(report.shareOfRewards).toBeGreaterThan(0.02);
    expect(report.shareOfRewards).toBeLessThanOrEqual(SHARE_OF_WORK + LUCK);
  });
});
