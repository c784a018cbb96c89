// What the study lets an attacker try.
import type { Strategy } from "./withholder.ts";

const OPEN = { keepsFruits: false, packsFruitsOfOthers: true, keepsBlocksBelow: 0, isStubborn: false } as const;

export const STRATEGIES: readonly Strategy[] = [
  { ...OPEN, name: "honest" },
  { ...OPEN, name: "keeps fruits", keepsFruits: true },
  { ...OPEN, name: "packs own fruits only", packsFruitsOfOthers: false },
  { ...OPEN, name: "keeps blocks", keepsBlocksBelow: 1 },
  { ...OPEN, name: "keeps blocks, stubborn", keepsBlocksBelow: 1, isStubborn: true },
  { ...OPEN, name: "keeps blocks of low hash", keepsBlocksBelow: 0.5 },
  { ...OPEN, name: "keeps fruits and blocks", keepsFruits: true, keepsBlocksBelow: 1 },
  { ...OPEN, name: "keeps fruits and blocks of low hash", keepsFruits: true, keepsBlocksBelow: 0.5 },
  { ...OPEN, name: "keeps fruits and blocks, stubborn", keepsFruits: true, keepsBlocksBelow: 1, isStubborn: true },
  {
    name: "keeps fruits and blocks, packs own only",
    keepsFruits: true,
    packsFruitsOfOthers: false,
    keepsBlocksBelow: 1,
    isStubborn: false,
  },
];
