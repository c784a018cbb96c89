// The model would be worth nothing if a core with a wrong rule passed as well: each rule is broken once, and must be found.

import type { BftConfig, SigningRecord, SigningRequest } from "@festina/fastchain";
import { fail, ok } from "@festina/primitives";
import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import fc from "fast-check";
import { GENESIS_HASH } from "../../src/core/committees.ts";
import { boundaryHeights, happenings } from "./commands.ts";
import { VotingModel } from "./votingModel.ts";

const SEED = 7;
const RUNS = 1_000;
const CONTROL_RUNS = 60;
const LIMIT_MS = 60_000;
const COMMANDS_MAX = 80;

type Exports = Record<string, unknown>;
/** What the mistakes touch of what a core remembers. */
interface BftState {
  readonly config: BftConfig;
  readonly view: number;
  record: SigningRecord;
}
type Create = (config: BftConfig) => BftState;
type Request = (state: BftState, request: SigningRequest) => boolean;
type Check = (record: SigningRecord, request: SigningRequest) => ReturnType<typeof ok<SigningRecord>>;

const BFT = "../../../fastchain/src/bft";

interface Mistake {
  readonly rule: string;
  readonly module: string;
  readonly change: (exports: Exports) => Exports;
}

/** The signing rules with a record that forgets one of its fields. */
function forgetting(field: keyof SigningRecord, value: null | false): Mistake["change"] {
  return ({ checkSigning }) => ({
    checkSigning: (record: SigningRecord, request: SigningRequest) =>
      (checkSigning as Check)({ ...record, [field]: value }, request),
  });
}

const SIGNING_RECORD = `${BFT}/signingRecord.ts`;

const MISTAKES: readonly Mistake[] = [
  {
    rule: "S1: one PREPARE per view",
    module: SIGNING_RECORD,
    change: forgetting("prepared", null),
  },
  {
    rule: "S2: no COMMIT after a VIEW-CHANGE",
    module: SIGNING_RECORD,
    change: forgetting("viewChanged", false),
  },
  {
    rule: "S2: no COMMIT for a block that was not executed",
    module: `${BFT}/bftState.ts`,
    change: () => ({ isExecuted: () => true }),
  },
  {
    rule: "S3: no VIEW-CHANGE after a COMMIT",
    module: `${BFT}/signing.ts`,
    change: ({ requestSignature }) => ({
      giveUpView: (state: BftState) => {
        const { view, config } = state;
        state.record = { ...state.record, committed: null };
        (requestSignature as Request)(state, { kind: "viewChange", epoch: config.committee.epoch, view });
      },
    }),
  },
  {
    rule: "S4: a proposal shows what it stands on",
    module: `${BFT}/prePrepareRules.ts`,
    change: () => ({ verifyJustification: () => ok([]) }),
  },
  {
    rule: "S5: no view below the newest signed",
    module: `${BFT}/bftState.ts`,
    change: ({ createBftState }) => ({
      createBftState: (config: BftConfig) => ({ ...(createBftState as Create)(config), view: config.committed.view }),
    }),
  },
  {
    rule: "handover: the last block may be proposed again",
    module: `${BFT}/prePrepareRules.ts`,
    change: () => ({ isReproposal: () => false }),
  },
  {
    rule: "handover: nothing stands on the last block, and the epoch ends with it",
    module: `${BFT}/handle/executed.ts`,
    change: ({ onBlockExecuted }) => ({
      onBlockExecuted: (state: BftState, input: object) =>
        (onBlockExecuted as (state: BftState, input: object) => void)(state, { ...input, isBoundary: false }),
    }),
  },
  {
    rule: "a member that may sign does so",
    module: SIGNING_RECORD,
    change: ({ checkSigning }) => ({
      checkSigning: (record: SigningRecord, request: SigningRequest) =>
        request.kind === "commit" && request.view % 3 === 0
          ? fail("SIGNING_TWICE", "never in every third view")
          : (checkSigning as Check)(record, request),
    }),
  },
  {
    rule: "the leader of the view proposes",
    module: `${BFT}/prePrepareRules.ts`,
    change: () => ({ isSignedByLeader: () => true }),
  },
];

/** The modules as they are. */
const sound = new Map<string, Exports>();

beforeAll(async () => {
  for (const { module } of MISTAKES) sound.set(module, (await import(module)) as Exports);
});

async function runOnMistaken({ module, change }: Mistake, numRuns = RUNS): Promise<fc.RunDetails<unknown>> {
  const exports = sound.get(module) ?? {};
  jest.resetModules();
  jest.unstable_mockModule(module, () => ({ ...exports, ...change(exports) }));
  const { MemberUnderTest } = await import("./memberUnderTest.ts");
  const property = fc.property(
    boundaryHeights,
    fc.commands(happenings, { maxCommands: COMMANDS_MAX, size: "max" }),
    (height, commands) => {
      const model = new VotingModel(GENESIS_HASH, height);
      fc.modelRun(() => ({ model, real: new MemberUnderTest(model) }), commands);
    },
  );
  const details = fc.check(property, { seed: SEED, numRuns, endOnFailure: true });
  jest.unstable_unmockModule(module);
  return details as fc.RunDetails<unknown>;
}

describe("a core that breaks a rule differs from the model", () => {
  it.each(MISTAKES)(
    "$rule",
    async (mistake) => {
      const { failed, errorInstance } = await runOnMistaken(mistake);
      expect(failed).toBe(true);
      expect(String(errorInstance)).toMatch(/the core signs|InvariantError/);
    },
    LIMIT_MS,
  );

  it(
    "and one that does not, though loaded the same way, does not",
    async () => {
      const { failed } = await runOnMistaken(
        { rule: "none", module: SIGNING_RECORD, change: () => ({}) },
        CONTROL_RUNS,
      );
      expect(failed).toBe(false);
    },
    LIMIT_MS,
  );
});
