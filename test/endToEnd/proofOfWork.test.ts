// A network whose proof of work is not the cheap one: fruits and blocks are found by it, checked by who did not find
// them, and a node that comes back reads its data set from the disk.
import { afterEach, describe, expect, it } from "@jest/globals";
import { type DevnetProcess, startDevnet } from "./devnetProcess.ts";
import { waitFor } from "./waitFor.ts";

let devnet: DevnetProcess | null = null;
afterEach(async () => {
  await devnet?.stop();
  devnet = null;
});

interface LoggedEvent {
  readonly event?: string;
  readonly isKept?: boolean;
}

function eventsOf(network: DevnetProcess, name: string): readonly LoggedEvent[] {
  const lines = network.log(name).split("\n");
  return lines.flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as LoggedEvent] : []));
}

describe("festina devnet --pow truehash", () => {
  it("finds fruits and snail blocks, which the member checks, and keeps the data set", async () => {
    const network = await startDevnet({ members: 1, options: ["--pow", "truehash", "--snail-seconds", "1"] });
    devnet = network;
    const rpc = network.rpc("member-1");
    const isThere = async () => Number(await rpc.call<string>("snail_blockNumber")) >= 3 || null;
    await waitFor("three snail blocks at the member", 60_000, isThere, 100);
    type Block = { hash: string; number: string; fruits: { hash: string }[] };
    const blocks = await Promise.all(
      [1, 2, 3].map((number) => rpc.call<Block>("snail_getBlockByNumber", [`0x${number.toString(16)}`, true])),
    );
    expect(blocks.reduce((sum, { fruits }) => sum + fruits.length, 0)).toBeGreaterThan(0);
    const { powEngine, powKey } = await rpc.call<{ powEngine: string; powKey: string }>("snail_getWork", [
      network.accounts[0]?.address,
    ]);
    expect(powEngine).toBe("truehash");
    expect(powKey).toBe((await rpc.call<Block>("snail_getBlockByNumber", ["0x0", false])).hash);
    const made = eventsOf(network, "member-1").filter(({ event }) => event === "powDataSetReady");
    expect(made).toMatchObject([{ isKept: false }]);

    await network.kill("member-1");
    await network.restart("member-1");
    const again = await waitFor(
      "the member's data set",
      30_000,
      () => eventsOf(network, "member-1").filter(({ event }) => event === "powDataSetReady")[1],
    );
    expect(again).toMatchObject({ isKept: true });
  }, 120_000);
});
