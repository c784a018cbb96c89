import type { ChainSpec } from "@festina/chainspec";
import { checkChainSpec, parseChainSpecJson } from "@festina/chainspec";
import type { RecoverPublicKey } from "@festina/crypto";
import { fail, type Hash32, ok, type Result } from "@festina/primitives";
import { type Certificate, decodeFastBlock } from "@festina/types";
import { FastChain } from "../chain/fastChain.ts";
import { type ChainTools, openChain } from "../chain/openChain.ts";
import { senderRecovery } from "../pool/senderRecovery.ts";
import { parseHistoryBlock, parseHistoryHeader } from "./historyFile.ts";

export interface ReplayReport {
  readonly blocks: number;
  readonly headHash: Hash32;
  readonly stateRoot: Hash32;
}

export type ReplayFailureCode =
  | "HISTORY_INVALID"
  | "REPLAY_START"
  | "REPLAY_LINK"
  | "REPLAY_CERTIFICATE"
  | "REPLAY_BLOCK";

/** The chain spec in a history file's first line. */
export function readHistorySpec(line: string): Result<ChainSpec> {
  const text = parseHistoryHeader(line);
  if (!text.ok) return text;
  try {
    return checkChainSpec(parseChainSpecJson(text.value));
  } catch {
    return fail("HISTORY_INVALID", "the chain spec is damaged");
  }
}

/**
 * Makes the chain anew from its genesis and executes every block of the file: roots must come out as the headers say,
 * hashes must link, and certificates must verify under the committees that the history itself elects.
 */
export async function replayHistory(
  lines: readonly string[],
  tools: ChainTools & {
    readonly recoverPublicKey: RecoverPublicKey;
    /** Waited for between two blocks: whoever works beside the replay gets a turn. */
    readonly pause?: () => Promise<void>;
  },
): Promise<Result<ReplayReport, ReplayFailureCode>> {
  const { committed, states } = await openChain(tools);
  const { spec, suite, engine, store, recoverPublicKey } = tools;
  const chain = new FastChain({
    committed,
    states,
    store,
    environment: {
      spec,
      suite,
      engine,
      recoverPublicKey,
      recover: senderRecovery(spec, recoverPublicKey),
      states: {
        open: (root) => states.open(root),
        seal: (parent, view) => states.seal(parent, view as ReturnType<typeof states.open>),
      },
      // The file holds no snail blocks: what they decide stands in the blocks, under their certificates.
      snail: { block: () => undefined, packedFruits: () => undefined, hashOnBranch: () => undefined },
      epochs: committed,
    },
    onCommitted: () => undefined,
  });
  let tip = committed.head.hash;
  let height = committed.head.header.number;
  for (const line of lines) {
    const entry = parseHistoryBlock(line);
    if (!entry.ok) return entry;
    const block = decodeFastBlock(entry.value.envelope);
    if (!block.ok) return fail("HISTORY_INVALID", `block ${entry.value.number}: ${block.error.message}`);
    const { header, hash } = block.value;
    if (height === 0 && header.number !== 1)
      return fail("REPLAY_START", `a replay begins with block 1, not ${header.number}`);
    if (header.parentHash !== tip || header.number !== height + 1)
      return fail("REPLAY_LINK", `block ${header.number} does not follow`);
    chain.pending.addReceived(block.value);
    const executed = await chain.execute(hash, "committed");
    if (!executed.ok) return fail("REPLAY_BLOCK", `block ${header.number}: ${executed.error.message}`);
    tip = hash;
    height = header.number;
    const settled = await settle(chain, hash, entry.value.certificate);
    if (!settled.ok) return settled;
    await tools.pause?.();
  }
  if (committed.head.hash !== tip) return fail("REPLAY_CERTIFICATE", "the last blocks have no certificate");
  return ok({ blocks: height, headHash: tip, stateRoot: committed.head.header.stateRoot });
}

async function settle(
  chain: FastChain,
  hash: Hash32,
  certificate: Certificate | null,
): Promise<Result<void, "REPLAY_CERTIFICATE">> {
  if (certificate === null) return ok(undefined);
  if (certificate.blockHash !== hash || chain.committed.verifyCommitted(certificate) !== "valid") {
    return fail(
      "REPLAY_CERTIFICATE",
      `the certificate in view ${certificate.view} of epoch ${certificate.epoch} does not hold`,
    );
  }
  await chain.commit(hash, certificate);
  return ok(undefined);
}
