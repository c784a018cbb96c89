import type { ChainSpec } from "@festina/chainspec";
import {
  decodeCandidates,
  encodeCandidates,
  REGISTRY_PAGE_MAX,
  REGISTRY_VALIDATORS_MAX,
  VALIDATOR_REGISTRY,
} from "@festina/contracts";
import { REGISTERED_KEY_BYTES } from "@festina/crypto";
import type { Candidate } from "@festina/election";
import { assert, bytesToHex, type Hex, hexToBytes } from "@festina/primitives";
import { type BlockContext, type Engine, type StateView, systemCall } from "@festina/tvm";

/** The registered key, which every suite's public keys begin with. */
export function registeredKey(publicKey: Hex): Hex {
  return bytesToHex(hexToBytes(publicKey).subarray(0, REGISTERED_KEY_BYTES));
}

/**
 * The key a validator votes with. The registry proves and holds BLS keys only: under another suite the chain spec names
 * the voting keys, and whoever is not in it has none and takes no seat.
 */
function votingKeyOf(blsKey: Hex, { signatureSuite, genesisValidators }: ChainSpec): Hex | null {
  if (signatureSuite === "bls") return blsKey;
  return genesisValidators.find(({ publicKey }) => registeredKey(publicKey) === blsKey)?.publicKey ?? null;
}

/** All registered validators in the given state. Reads through the contract itself; the state is left as it was. */
export async function readCandidates(
  view: StateView,
  block: BlockContext,
  engine: Engine,
  spec: ChainSpec,
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
        const votingKey = votingKeyOf(entry.blsKey, spec);
        const isBarred = entry.seatVoid || entry.slashed || entry.jailed || votingKey === null;
        return {
          address: entry.validator,
          payout: entry.payout,
          publicKey: votingKey ?? entry.blsKey,
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
