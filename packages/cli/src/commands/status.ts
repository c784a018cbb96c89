import type { NodeStatus } from "@festina/rpc";
import { CliError } from "../output/cliError.ts";
import { type CommandContext, connect, report } from "./context.ts";

export interface StatusOptions {
  readonly rpc?: string;
  readonly json?: boolean;
}

function aheadLines({ ahead }: NodeStatus): readonly string[] {
  return (["fast", "snail"] as const).flatMap((chain) => {
    const peer = ahead[chain];
    return peer === null
      ? []
      : [`ahead of us  ${peer.nodeId} says it is at ${chain} block ${peer.number}, ${peer.by} ahead`];
  });
}

/** Of a light node: what was sent through it and is in no block yet. */
function sentLines({ sent = [] }: NodeStatus): readonly string[] {
  return sent.map(({ hash, from, nonce, waitingMs, sentAgain, problem, isGivenUp }) => {
    const since = `for ${Math.round(waitingMs / 1_000)} s, sent again ${sentAgain === 1 ? "once" : `${sentAgain} times`}`;
    const why = problem === null ? "" : `; could not be sent the last time: ${problem}`;
    const end = isGivenUp
      ? "; it is not sent any more: send another of this nonce that pays more, or the same again"
      : "";
    return `waiting      ${hash}  nonce ${nonce} of ${from}, ${since}${why}${end}`;
  });
}

/** Whatever may answer at an address. */
function isStatus(value: unknown): value is NodeStatus {
  const { committee, missing, otherNetworks, ahead, headNumber, anchoredNumber } = (value ?? {}) as Partial<NodeStatus>;
  const hasLists = [committee, missing, otherNetworks].every(Array.isArray);
  return hasLists && typeof ahead === "object" && [headNumber, anchoredNumber].every(Number.isSafeInteger);
}

/** `festina status`: where both chains are, who sits in the committee, and what the node is doing. */
export async function status(context: CommandContext, options: StatusOptions): Promise<void> {
  const client = connect(options);
  const value = await client.call<unknown>("festina_status");
  if (!isStatus(value))
    throw new CliError("STATUS_INVALID", `${client.url} does not answer as a node of Festina of this version does`);
  const silent = new Map(value.missing.map(({ address, silentMs }) => [address, silentMs]));
  const seats = value.committee.map(({ address, seats: held }) => {
    const silentMs = silent.get(address);
    const note =
      silentMs === undefined ? "" : silentMs === null ? "  not heard" : `  silent for ${Math.round(silentMs / 1000)} s`;
    return `  ${address}  ${held === 1 ? "1 seat" : `${held} seats`}${note}`;
  });
  const lag = Math.max(0, value.headNumber - value.anchoredNumber);
  report(context, options.json, value, [
    `${value.role}: ${value.doing}`,
    `fast chain   block ${value.headNumber}  ${value.headHash}`,
    `snail chain  block ${value.snailNumber}  ${value.snailHash}  anchors up to ${value.anchoredNumber}, ${lag} blocks behind`,
    `committee    epoch ${value.epoch}, view ${value.view}, ${value.quorumSeats} seats make a quorum`,
    ...seats,
    ...(value.recovery === null ? [] : [value.recovery]),
    ...aheadLines(value),
    ...value.otherNetworks.map(({ message }) => message),
    ...sentLines(value),
    `peers ${value.peers}, waiting transactions ${value.pooledTransactions}, waiting fruits ${value.pooledFruits}`,
  ]);
}
