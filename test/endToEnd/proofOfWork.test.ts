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
    type Block = { hash: string; number: string; fruits: { hash: string }[] };
    await waitFor("three snail blocks at the member, and a fruit in one", 60_000, async () => {
      const head = Number(await rpc.call<string>("snail_blockNumber"));
      const numbers = Array.from({ length: head }, (_, index) => `0x${(index + 1).toString(16)}`);
      const blocks = await Promise.all(
        numbers.map((number) => rpc.call<Block>("snail_getBlockByNumber", [number, true])),
      );
      return (head >= 3 && blocks.some(({ fruits }) => fruits.length > 0)) || null;
    });
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
