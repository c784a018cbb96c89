// Four members agree under every signature suite that a chain spec can name, on the network of the consensus core's tests.
import { createSignatureSuite } from "@festina/adapters";
import { SIGNATURE_SUITES } from "@festina/chainspec";
import { describe, expect, it } from "@jest/globals";
import { TestNetwork } from "../../packages/fastchain/test/bft/network.ts";

describe.each(SIGNATURE_SUITES)("four members under %s", (name) => {
  it("finalise blocks, also when one signs badly, and blame it", () => {
    const network = new TestNetwork({ seed: 3, seats: [25, 25, 25, 25], suite: createSignatureSuite(name) });
    const [liar] = network.hosts;
    if (liar === undefined) throw new Error("no host");
    liar.misbehave = (effect) =>
      effect.kind === "broadcastVote"
        ? [{ ...effect, vote: { ...effect.vote, signature: network.sign(1, { ...effect.vote, kind: "prepare" }) } }]
        : [effect];
    network.start();
    network.run(5_000);
    expect(Math.min(...network.heights)).toBeGreaterThan(3);
    expect(network.blamed).toContain("0 BLAME_VOTE_SIGNATURE");
    expect(network.evidence).toEqual([]);
  });
});
