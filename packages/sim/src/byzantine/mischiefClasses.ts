// The ways in which a member may be dishonest, by name.
import { createEquivocator } from "./equivocator.ts";
import { createCertificateForger } from "./forgers.ts";
import { createForkingLeader } from "./forkingLeader.ts";
import type { Mischief } from "./mischief.ts";
import { createGarbage, createStaleEpoch } from "./nuisances.ts";
import { createCommitAndViewChange, createDoubleVoter, createWrongRoot } from "./voters.ts";
import { createCertificateWithholder, createSilent, createWithholding } from "./withholders.ts";

const CLASSES: Readonly<Record<string, () => Mischief>> = {
  equivocatingLeader: createEquivocator,
  doubleVoter: createDoubleVoter,
  commitAndViewChange: createCommitAndViewChange,
  silent: createSilent,
  withholding: createWithholding,
  wrongRoot: createWrongRoot,
  garbage: createGarbage,
  staleEpoch: createStaleEpoch,
  certificateWithholder: createCertificateWithholder,
  certificateForger: createCertificateForger,
  forkingLeader: createForkingLeader,
};

export const MISCHIEF_CLASSES: readonly string[] = Object.keys(CLASSES);

export function createMischief(name: string): Mischief {
  const make = CLASSES[name];
  if (make === undefined) throw new RangeError(`no mischief is called ${name}`);
  return make();
}
