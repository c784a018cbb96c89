import { evidenceEpoch } from "@festina/types";
import { formatCommittee, formatExplanation } from "../format/formatCommittee.ts";
import { formatEvidence } from "../format/formatEvidence.ts";
import { formatCertificate } from "../format/formatSnail.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import { refusal } from "../jsonRpc/rpcError.ts";
import type { RpcBackend, SupplyRecord } from "../ports.ts";
import { findBlock, resolveBlockNumber } from "./blockTag.ts";

function formatSupply(supply: SupplyRecord): Record<string, unknown> {
  const burned = supply.baseFeeBurnedWei + supply.slashBurnedWei + supply.selfDestructBurnedWei;
  return {
    block: toQuantity(supply.number),
    genesis: toQuantity(supply.genesisWei),
    rewards: toQuantity(supply.rewardsWei),
    baseFeeBurned: toQuantity(supply.baseFeeBurnedWei),
    slashBurned: toQuantity(supply.slashBurnedWei),
    selfDestructBurned: toQuantity(supply.selfDestructBurnedWei),
    total: toQuantity(supply.genesisWei + supply.rewardsWei - burned),
  };
}

/** What Ethereum has no words for: the committee, supply, the node itself. */
export function hybridMethods(backend: RpcBackend): Record<string, Method> {
  const { committee, chain } = backend;
  const readEpoch = (params: Params): number =>
    !params.has(0) || params.raw(0) === "current" ? committee.currentEpoch() : params.number(0, "epoch");
  return {
    committee_get: (values) => {
      const info = committee.byEpoch(readEpoch(new Params(values)));
      return info === undefined ? null : formatCommittee(info, new Set(committee.slashed()));
    },
    /** (epoch, withFruits?) -> how its committee came to its seats: every input of the draw, and every seat drawn. */
    committee_explain: async (values) => {
      const params = new Params(values);
      const explained = await committee.explain(readEpoch(params));
      if (explained === undefined) return null;
      if (!explained.ok) throw refusal(explained.error);
      return formatExplanation(explained.value, params.boolean(1, "withFruits"));
    },
    committee_getCertificate: (values) => {
      const found = committee.certificateFor(resolveBlockNumber(backend, values[0]));
      if (found === undefined) return null;
      return { ...formatCertificate(found.certificate), blockNumber: toQuantity(found.number) };
    },
    /** Proof of broken rules that waits for a block. */
    committee_getEvidence: () =>
      backend.evidence
        .waiting()
        .map((piece) => formatEvidence(piece, committee.byEpoch(evidenceEpoch(piece))?.committee)),
    /** (encoded evidence) -> its hash. Anybody may report. */
    committee_submitEvidence: (values) => {
      const submitted = backend.evidence.submit(new Params(values).bytes(0, "evidence"));
      if (!submitted.ok) throw refusal(submitted.error);
      return submitted.value;
    },
    festina_status: () => backend.status(),
    /** What runs contracts, and what its compiler has done. */
    festina_engine: () => backend.engine(),
    /** The chain spec and peer addresses: all that \`festina init --from\` needs. */
    festina_invitation: () => backend.invitation(),
    /** (block) -> its grade: committed by its certificate, anchored once a snail block above it is buried. */
    festina_finality: (values) => {
      const number = resolveBlockNumber(backend, values[0]);
      const found = committee.certificateFor(number);
      if (number > chain.head()) return null;
      const anchoredBy = chain.anchoredBy(number);
      return {
        block: toQuantity(number),
        grade: anchoredBy?.isBuried ? "anchored" : "committed",
        certifiedBy: found === undefined ? null : toQuantity(found.number),
        snailNumber: anchoredBy === null ? null : toQuantity(anchoredBy.snailNumber),
        snailHash: anchoredBy === null ? null : anchoredBy.snailHash,
        depth: anchoredBy === null ? null : toQuantity(anchoredBy.depth),
      };
    },
    festina_supply: (values) => {
      const supply = chain.supply(resolveBlockNumber(backend, values[0]));
      return supply === undefined ? null : formatSupply(supply);
    },
    /** The hybrid requests beside a block. */
    festina_requests: (values) => {
      const record = findBlock(backend, values[0] ?? "latest");
      if (record === null) return null;
      const { pointer, certificate, rewards, evidence, handover } = record.block.requests;
      return {
        snailNumber: pointer === null ? null : toQuantity(pointer.number),
        certificate: certificate === null ? null : formatCertificate(certificate),
        rewards: rewards.map(({ to, amountWei }) => ({ to, amount: toQuantity(amountWei) })),
        evidence: evidence.map((piece) => formatEvidence(piece, committee.byEpoch(evidenceEpoch(piece))?.committee)),
        handover: handover === null ? null : { epoch: toQuantity(handover.epoch), members: handover.members },
      };
    },
  };
}
