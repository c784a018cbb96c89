import {
  decodeCandidates,
  encodeCandidates,
  REGISTRY_PAGE_MAX,
  REGISTRY_VALIDATORS_MAX,
  type RegistryCandidate,
  VALIDATOR_REGISTRY,
} from "@festina/contracts";
import { REGISTERED_KEY_BYTES, type SignatureSuite } from "@festina/crypto";
import type { Candidate } from "@festina/election";
import { assert, bytesToHex, concatBytes, type Hex, hexToBytes } from "@festina/primitives";
import { type BlockContext, type Engine, type StateView, systemCall } from "@festina/tvm";

/** A suite's public key as the registry holds it: the BLS key, and what follows it. */
export function splitPublicKey(publicKey: Hex): { readonly blsKey: Hex; readonly votingKey: Hex } {
  const bytes = hexToBytes(publicKey);
  return {
    blsKey: bytesToHex(bytes.subarray(0, REGISTERED_KEY_BYTES)),
    votingKey: bytesToHex(bytes.subarray(REGISTERED_KEY_BYTES)),
  };
}

type KeyRules = Pick<SignatureSuite, "publicKeyBytes" | "isVotingKey">;

/** What an owner registered as voting key is unproven and may be anything: `null` where it is no key of the suite. */
function publicKeyOf({ blsKey, votingKey }: RegistryCandidate, suite: KeyRules): Hex | null {
  const bytes = hexToBytes(votingKey);
  const isKey = REGISTERED_KEY_BYTES + bytes.length === suite.publicKeyBytes && (suite.isVotingKey?.(bytes) ?? true);
  return isKey ? bytesToHex(concatBytes(hexToBytes(blsKey), bytes)) : null;
}

/**
 * All registered validators in the given state; who has no key of the suite takes no seat. Reads through the contract itself;
 * the state is left as it was.
 */
export async function readCandidates(
  view: StateView,
  block: BlockContext,
  engine: Engine,
  suite: KeyRules,
): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  while (candidates.length < REGISTRY_VALIDATORS_MAX) {
    const data = encodeCandidates(candidates.length, REGISTRY_PAGE_MAX);
    const answer = await systemCall({ to: VALIDATOR_REGISTRY, data, view, block, engine });
    assert(answer.kind === "success", "the validator registry answers");
    const page = decodeCandidates(answer.output);
    assert(page.ok, "the validator registry answers in its form");
    candidates.push(
      ...page.value.map((entry) => {
        const publicKey = publicKeyOf(entry, suite);
        const isBarred = entry.seatVoid || entry.slashed || entry.jailed || publicKey === null;
        return {
          address: entry.validator,
          payout: entry.payout,
          publicKey: publicKey ?? entry.blsKey,
          depositWei: entry.depositWei,
          readyAt: entry.readyAt,
          isLeaving: entry.exitRequestedAt > 0 || isBarred,
        };
      }),
    );
    if (page.value.length < REGISTRY_PAGE_MAX) break;
  }
  return candidates;
}
