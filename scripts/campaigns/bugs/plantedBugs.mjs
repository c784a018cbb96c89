// Mistakes that must not survive the simulator, one for each rule that keeps the chain safe. Each is a change to the
// sources as they are; a bug whose text is no longer found has to be planted anew.

const BFT = "packages/fastchain/src/bft";
const SIGNING_RULES = `${BFT}/signingRecord.ts`;

const TWICE_REFUSED = `  if (signed !== null && signed !== request.blockHash) {`;

export const PLANTED_BUGS = [
  {
    name: "secondProposal",
    rule: "S1: at most one PREPARE per view",
    edits: [
      {
        file: SIGNING_RULES,
        find: TWICE_REFUSED,
        put: `  if (signed !== null && request.kind === "commit" && signed !== request.blockHash) {`,
      },
      {
        file: `${BFT}/handle/prePrepare.ts`,
        find: `    if (exposeLeader(state, before, signedBefore, message, from) && view === state.view) giveUpView(state);
    return;
  }
  const known`,
        put: `    before.proposal = null;
    before.checked = "no";
  }
  const known`,
      },
    ],
  },
  {
    name: "commitUnexecuted",
    rule: "S2: a COMMIT only for a block whose roots match",
    edits: [
      { file: `${BFT}/handle/executed.ts`, find: `  block.executed = verdict;`, put: `  block.executed = "valid";` },
      {
        file: `${BFT}/handle/executed.ts`,
        find: `  if (verdict === "valid") {`,
        put: `  if (verdict !== "unavailable") {`,
      },
    ],
  },
  {
    name: "commitAfterViewChange",
    rule: "S2: no COMMIT in a view that was given up",
    edits: [
      {
        file: SIGNING_RULES,
        find: `if (current.viewChanged) {`,
        put: `if (request.kind !== "commit" && current.viewChanged) {`,
      },
    ],
  },
  {
    name: "viewChangeAfterCommit",
    rule: "S3: no VIEW-CHANGE after a COMMIT",
    edits: [
      {
        file: SIGNING_RULES,
        find: `    if (current.committed !== null) return fail("SIGNING_AFTER_COMMIT", \`a COMMIT was signed in view \${view}\`);\n`,
        put: "",
      },
      {
        file: `${BFT}/signing.ts`,
        find: `return record.committed !== null || (record.viewChanged && isOut);`,
        put: `return record.viewChanged && isOut;`,
      },
      {
        file: `${BFT}/progress.ts`,
        find: `    requestSignature(state, { kind: "commit", epoch, view, blockHash: prepared.blockHash });
  }
  enterView(state, view + 1);`,
        put: `    requestSignature(state, { kind: "commit", epoch, view, blockHash: prepared.blockHash });
  }
  if (view % 5 !== 0) enterView(state, view + 1);`,
      },
    ],
  },
  {
    name: "skipsUnchecked",
    rule: "S4: every view between parent and proposal was skipped",
    edits: [
      {
        file: `${BFT}/prePrepareRules.ts`,
        find: `    if (held === undefined && skip === undefined)
      return fail("PRE_PREPARE_MISSING", \`view \${at} was not shown to be skipped\`, { fromView: at });`,
        put: `    if (held === undefined && skip === undefined) continue;`,
      },
    ],
  },
  {
    name: "olderViews",
    rule: "S5: nothing is signed in a view below the newest signed",
    edits: [
      {
        file: SIGNING_RULES,
        find: `  if (epoch === record.epoch && view < record.view) {`,
        put: `  if (epoch === record.epoch && view < 0) {`,
      },
      {
        file: SIGNING_RULES,
        find: `const isNew = epoch > record.epoch || view > record.view;`,
        put: `const isNew = epoch > record.epoch || view !== record.view;`,
      },
      {
        file: `${BFT}/bftState.ts`,
        find: `const view = Math.max(committed.view, resumed.view - 1);`,
        put: `const view = committed.view;`,
      },
    ],
  },
  {
    name: "quorumOfThrees",
    rule: "a quorum is N - f, not 2f + 1",
    edits: [
      {
        file: "packages/types/src/consensus/committee.ts",
        find: `return totalSeats(committee) - faultySeatsMax(committee);`,
        put: `return 2 * faultySeatsMax(committee) + 1;`,
      },
    ],
  },
  {
    name: "weightlessCertificate",
    rule: "a certificate has the weight of a quorum",
    edits: [
      { file: `${BFT}/certificates.ts`, find: `  if (seats < quorumSeats(committee)) {`, put: `  if (seats < 1) {` },
    ],
  },
  {
    name: "recordNotSynced",
    rule: "durability: the signing record is on disk before the signature leaves",
    edits: [
      {
        file: "packages/node/src/consensus/recordFile.ts",
        find: `        file.sync();
        nextSlot`,
        put: `        nextSlot`,
      },
    ],
  },
  {
    name: "recordForgotten",
    rule: "durability: a restart goes on from the signing record",
    edits: [
      {
        file: "packages/node/src/consensus/recordFile.ts",
        find: `  let current = newest(slots) ?? EMPTY_SIGNING_RECORD;`,
        put: `  let current = EMPTY_SIGNING_RECORD;`,
      },
    ],
  },
  {
    name: "journalNotKept",
    rule: "durability: what a COMMIT stands on is on disk before it is signed",
    edits: [
      {
        file: "packages/node/src/consensus/groundKeeper.ts",
        find: `this.#journal.append({ kind: "prepared",`,
        put: `void ({ kind: "prepared",`,
      },
    ],
  },
  {
    name: "tornTailKept",
    rule: "durability: what a crash tore is cut off before anything is written behind it",
    edits: [
      {
        file: "packages/storage/src/writeAheadLog.ts",
        find: `    if (verdict.kind !== "tornTail") return;`,
        put: `    if (verdict.kind !== "never") return;`,
      },
    ],
  },
  {
    name: "lostRecordBelieved",
    rule: "durability: a key whose record is lost is silent until an epoch comes in which it signed nothing",
    edits: [
      {
        file: "packages/node/src/consensus/signingDesk.ts",
        find: `  if (signer.recordState === "missing") return { code: "SIGNING_RECORD_MISSING", detail: "" };\n`,
        put: "",
      },
    ],
  },
  {
    name: "boundaryNotRepeated",
    rule: "handover: the last block of an epoch may be proposed again",
    edits: [
      {
        file: `${BFT}/prepare.ts`,
        find: `if (block.isBoundary) acceptProposal(state, view);`,
        put: `if (!block.isBoundary) acceptProposal(state, view);`,
      },
    ],
  },
  {
    name: "blockOnPendingBoundary",
    rule: "handover: nothing stands on the last block of an epoch before it is COMMITTED",
    edits: [
      {
        file: `${BFT}/propose.ts`,
        find: `parent.isBoundary && parent.height > state.committed.height ? parent.hash : null`,
        put: `null`,
      },
      {
        file: `${BFT}/prepare.ts`,
        find: `const followsPendingBoundary = parent.isBoundary && parent.height > state.committed.height;`,
        put: `const followsPendingBoundary = false;`,
      },
    ],
  },
  {
    name: "endlessEpoch",
    rule: "handover: an epoch ends with its COMMITTED boundary block",
    edits: [
      {
        file: `${BFT}/progress.ts`,
        find: `  if (block.isBoundary) endEpoch(state, block);\n  else enterView`,
        put: `  enterView`,
      },
    ],
  },
];
