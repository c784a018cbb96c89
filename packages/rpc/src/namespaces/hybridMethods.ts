import type { Address } from "@festina/primitives";
import { evidenceEpoch, quorumSeats, totalSeats } from "@festina/types";
import { formatEvidence } from "../format/formatEvidence.ts";
import { formatCertificate } from "../format/formatSnail.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import { refusal } from "../jsonRpc/rpcError.ts";
import type { CommitteeInfo, RpcBackend, SupplyRecord } from "../ports.ts";
import { findBlock, resolveBlockNumber } from "./blockTag.ts";

function formatCommittee(info: CommitteeInfo, slashed: ReadonlySet<Address>): Record<string, unknown> {
  const { committee } = info;
  return {
    epoch: toQuantity(committee.epoch),
    firstBlock: toQuantity(info.firstBlock),
    lastBlock: info.lastBlock === null ? null : toQuantity(info.lastBlock),
    totalSeats: totalSeats(committee),
    quorumSeats: quorumSeats(committee),
    members: committee.members.map(({ address, payout, publicKey, seats }) => ({
      address,
      payout,
      publicKey,
      seats,
      slashed: slashed.has(address),
    })),
  };
}

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
  return {
    committee_get: (values) => {
      const params = new Params(values);
      const isCurrent = !params.has(0) || params.raw(0) === "current";
      const epoch = isCurrent ? committee.currentEpoch() : params.number(0, "epoch");
      const info = committee.byEpoch(epoch);
      return info === undefined ? null : formatCommittee(info, new Set(committee.slashed()));
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
