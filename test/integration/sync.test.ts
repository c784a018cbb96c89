// The short form of `npm run campaign -- sync`: a chain of some hundred blocks, and nodes that begin on it from nothing.
import { beforeAll, describe, expect, it } from "@jest/globals";
import { findPortBase } from "../endToEnd/freePorts.ts";
import { type CampaignRun, runCampaign } from "./campaign.ts";

const TIMEOUT_MS = 400_000;
const BLOCKS = 150;
const KILLS = 1;
const SERVED_PORTS = 40;

interface Joined {
  readonly isSame: boolean;
  readonly head: number;
  readonly hasSettled: boolean;
}

interface Figures {
  readonly make: { readonly head: number };
  readonly snapshot: Joined;
  readonly kills: { readonly kills: number; readonly isSame: boolean };
  readonly execution: { readonly blocks: number; readonly blocksPerSecond: number };
  readonly replay: Joined & { readonly blocksPerSecond: number };
  readonly breaches: readonly string[];
}

describe("nodes that begin from nothing", () => {
  let campaign: CampaignRun<Figures>;

  beforeAll(async () => {
    const port = await findPortBase(SERVED_PORTS);
    campaign = await runCampaign<Figures>(
      ...["sync", "--blocks", `${BLOCKS}`, "--accounts", "300", "--kills", `${KILLS}`, "--rpc-port", `${port}`],
      // Liars are met in packages/node/test/sync/snapshot; waiting for one that is silent takes its time.
      ...["--steps", "make,snapshot,kills,execution,replay"],
    );
  }, TIMEOUT_MS);

  it("come to what the network has, by one bootnode, by snapshot and by replay", () => {
    const { figures, exitCode } = campaign;
    expect(figures.breaches).toEqual([]);
    expect(exitCode).toBe(0);
    expect(figures.make.head).toBeGreaterThanOrEqual(BLOCKS);
    for (const joined of [figures.snapshot, figures.replay])
      expect(joined).toMatchObject({ isSame: true, head: figures.make.head });
    expect([figures.snapshot.hasSettled, figures.replay.hasSettled]).toEqual([true, false]);
  });

  it("get there killed on the way", () => {
    expect(campaign.figures.kills).toMatchObject({ kills: KILLS, isSame: true });
  });

  it("tell the rate of a replay beside that of execution alone", () => {
    const { execution, replay } = campaign.figures;
    expect(execution.blocks).toBe(campaign.figures.make.head);
    expect(campaign.output).toContain(`replay ${replay.blocksPerSecond} blocks/s`);
    expect(campaign.output).toContain(`execution alone ${execution.blocksPerSecond} blocks/s`);
  });

  it.each([
    [["--steps", "make,nothing"], /there is no step nothing/],
    [["--blocks", "1"], /--blocks is a whole number from 100/],
  ])("refuses %j", async (options, said) => {
    await expect(runCampaign("sync", ...options)).rejects.toThrow(said);
  });
});
