import { createSystemClock } from "@festina/adapters";
import { type Address, pause } from "@festina/primitives";
import type { RpcClient } from "@festina/rpc";
import { formatCoins } from "../../output/amounts.ts";
import { CliError } from "../../output/cliError.ts";
import { chooseValidator, type NamedValidator } from "../../seat/seatFolder.ts";
import { describeLife, type LifeFacts, type Stage } from "../../seat/validatorLife.ts";
import { type CommandContext, connect, report } from "../context.ts";
import { findCandidate, findWithdrawableAt } from "./registry.ts";

export interface ValidatorStatusOptions extends NamedValidator {
  readonly rpc?: string;
  readonly json?: boolean;
  /** Wait until it has come so far. */
  readonly until?: Stage;
  /** Give up waiting after so many seconds. */
  readonly timeout?: number;
}

const POLL_MS = 500;
const CERTIFICATES = 20;

interface CommitteeAnswer {
  readonly epoch: string;
  readonly firstBlock: string;
  readonly totalSeats: number;
  readonly members: readonly { readonly address: string; readonly seats: number }[];
}

interface ElectionAnswer {
  readonly epoch: string;
  readonly weights: readonly { readonly address: string; readonly fruits: number }[];
}

const hex = (number: number): string => `0x${number.toString(16)}`;

/** How many of the newest certificates of the sitting committee there are, and how many carry the member's bit. */
async function countSignatures(client: RpcClient, committee: CommitteeAnswer, member: number, head: number) {
  const first = Math.max(Number(committee.firstBlock), head - CERTIFICATES + 1);
  const numbers = Array.from({ length: Math.max(0, head - first + 1) }, (_, index) => first + index);
  const found = await Promise.all(
    numbers.map((number) =>
      client.call<{ readonly signers: readonly number[] } | null>("committee_getCertificate", [hex(number)]),
    ),
  );
  const there = found.filter((certificate) => certificate !== null);
  return {
    certificates: there.length,
    signed: member < 0 ? 0 : there.filter(({ signers }) => signers.includes(member)).length,
  };
}

async function gatherFacts(client: RpcClient, owner: Address): Promise<LifeFacts> {
  const [candidate, withdrawableAt, committee, election, head] = await Promise.all([
    findCandidate(client, owner),
    findWithdrawableAt(client, owner),
    client.call<CommitteeAnswer>("committee_get", ["current"]),
    client.call<ElectionAnswer | null>("committee_getElection"),
    client.call<{ number: string; timestamp: string }>("eth_getBlockByNumber", ["latest", false]),
  ]);
  const member = committee.members.findIndex(({ address }) => address === owner);
  const weights = election?.weights ?? [];
  return {
    candidate,
    withdrawableAt,
    epoch: Number(committee.epoch),
    seats: committee.members[member]?.seats ?? 0,
    totalSeats: committee.totalSeats,
    ...(await countSignatures(client, committee, member, Number(head.number))),
    election: election && {
      epoch: Number(election.epoch),
      fruits: weights.find(({ address }) => address === owner)?.fruits ?? 0,
      allFruits: weights.reduce((sum, { fruits }) => sum + fruits, 0),
    },
    headSeconds: Number(head.timestamp),
  };
}

/** `festina validator status`: where in its life a validator is; with `--until`, waits for a stage. */
export async function showValidator(context: CommandContext, options: ValidatorStatusOptions): Promise<void> {
  const client = connect(options);
  const clock = createSystemClock();
  const validator = chooseValidator(options);
  const deadlineMs = performance.now() + (options.timeout ?? Number.POSITIVE_INFINITY) * 1_000;
  let told = "";
  for (;;) {
    const facts = await gatherFacts(client, validator);
    const { stage, lines } = describeLife(facts);
    const isThere = options.until === undefined || options.until === stage;
    const { candidate, ...rest } = facts;
    const depositWei = candidate?.depositWei ?? 0n;
    const value = { validator, stage, depositWei, ...rest, lines };
    if (isThere || (told !== stage && options.json !== true))
      report(context, options.json, value, [
        `${validator}  ${stage}${candidate === null ? "" : `, deposit ${formatCoins(depositWei)} coins`}`,
        ...lines.map((line) => `  ${line}`),
      ]);
    if (isThere) return;
    told = stage;
    if (performance.now() > deadlineMs)
      throw new CliError("NOT_YET", `${validator} is ${stage} after ${options.timeout} s, not ${options.until}`);
    await pause(clock, POLL_MS);
  }
}
