// What the registry does to members that broke the rules, or were not there.
import { decodeSlashing, encodeJail, encodeSlash, VALIDATOR_REGISTRY } from "@festina/contracts";
import { type Address, assert, ZERO_ADDRESS } from "@festina/primitives";
import { debitBalance, type StateView, systemCall } from "@festina/tvm";
import type { HybridState } from "../chain/hybridState.ts";
import type { SlashedMember } from "../chain/slashedMember.ts";
import { isEpochPunishable } from "../evidence/evidenceWindow.ts";
import type { FastChainEnvironment } from "../ports.ts";
import type { BlockFrame } from "./runBlockBody.ts";

async function callRegistry(
  data: Uint8Array,
  frame: BlockFrame,
  view: StateView,
  environment: FastChainEnvironment,
): Promise<Uint8Array> {
  const { engine } = environment;
  const answer = await systemCall({ to: VALIDATOR_REGISTRY, data, view, block: frame.context, engine });
  assert(answer.kind === "success", "the registry carries out what the protocol decides");
  return answer.output;
}

/** Whoever is convicted itself gets nothing for reporting others. */
function reporterOf({ parent, proposer, guilty, context }: BlockFrame): Address {
  const isTainted = guilty.includes(proposer) || parent.slashed.some(({ address }) => address === proposer);
  return isTainted ? ZERO_ADDRESS : context.coinbase;
}

/** Takes the deposits of those whom the block's evidence convicts. Answers with what left the supply, in wei. */
export async function slashGuilty(
  frame: BlockFrame,
  view: StateView,
  environment: FastChainEnvironment,
): Promise<bigint> {
  const reporter = reporterOf(frame);
  let totalWei = 0n;
  for (const guilty of frame.guilty) {
    const slashing = decodeSlashing(await callRegistry(encodeSlash(guilty, reporter), frame, view, environment));
    assert(slashing.ok, "the registry answers in its form");
    const { burnedWei } = slashing.value;
    assert(debitBalance(view, VALIDATOR_REGISTRY, burnedWei), "the registry holds every deposit");
    totalWei += burnedWei;
  }
  return totalWei;
}

export async function jailAbsent(
  absent: readonly Address[],
  frame: BlockFrame,
  view: StateView,
  environment: FastChainEnvironment,
): Promise<void> {
  for (const address of absent) await callRegistry(encodeJail(address), frame, view, environment);
}

/** The slashed after a block. At the turn of an epoch those are forgotten of whose time no evidence counts any more. */
export function nextSlashed(
  frame: BlockFrame,
  environment: Pick<FastChainEnvironment, "spec" | "epochs">,
): HybridState["slashed"] {
  const { parent, guilty, requests, timeMs, ancestry } = frame;
  const isBoundary = requests.handover !== null;
  const untilEpoch = parent.committee.epoch + (isBoundary ? 1 : 0);
  const added = guilty.map((address): SlashedMember => ({ address, untilEpoch }));
  const kept = isBoundary
    ? parent.slashed.filter((member) => isEpochPunishable(parent, member.untilEpoch, timeMs, ancestry, environment))
    : parent.slashed;
  return [...kept, ...added];
}
