import type { Hex } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { readCandidates, toBlockContext } from "../../src/index.ts";
import { TestChain } from "./aChain.ts";
import { aSpec } from "./members.ts";

const VOTING_KEYS: readonly Hex[] = ["0x", `0x${"aa".repeat(32)}`, `0x02${"bb".repeat(32)}`, `0x05${"cc".repeat(32)}`];

/** Validators whose voting keys are those above, in order. */
async function candidatesUnder(suite: Parameters<typeof readCandidates>[3]) {
  const { genesisValidators } = aSpec();
  const [first] = genesisValidators;
  if (first === undefined) throw new Error("no validator");
  const spec = aSpec({
    genesisValidators: VOTING_KEYS.map((votingKey, index) => ({
      ...(genesisValidators[index] ?? first),
      publicKey: `${(genesisValidators[index] ?? first).publicKey}${votingKey.slice(2)}` as Hex,
    })),
  });
  const { head, states, environment, ancestry } = await TestChain.create(spec);
  const context = toBlockContext(head.header, spec, ancestry);
  const candidates = await readCandidates(states.open(head.header.stateRoot), context, environment.engine, suite);
  return { registered: spec.genesisValidators.map(({ publicKey }) => publicKey), candidates };
}

const barred = (candidates: readonly { readonly isLeaving: boolean }[]): readonly boolean[] =>
  candidates.map(({ isLeaving }) => isLeaving);

describe("the keys of candidates", () => {
  it("are the BLS key and then the voting key, and who has none of the suite takes no seat", async () => {
    const { registered, candidates } = await candidatesUnder({
      publicKeyBytes: 81,
      isVotingKey: (bytes) => bytes[0] === 2,
    });
    expect(barred(candidates)).toEqual([true, true, false, true]);
    expect(candidates[2]?.publicKey).toBe(registered[2]);
  });

  it.each([
    [48, [false, true, true, true]],
    [80, [true, false, true, true]],
    [81, [true, true, false, false]],
  ])("have %i bytes where no more is asked", async (publicKeyBytes, expected) => {
    expect(barred((await candidatesUnder({ publicKeyBytes })).candidates)).toEqual(expected);
  });

  it("are told by their BLS key where they cannot vote", async () => {
    const { registered, candidates } = await candidatesUnder({ publicKeyBytes: 81 });
    expect(candidates.slice(0, 2).map(({ publicKey }) => publicKey)).toEqual(
      registered.slice(0, 2).map((key) => key.slice(0, 98)),
    );
  });
});
