import { hexToBytes, isHex } from "@festina/primitives";
import { formatBlock } from "../format/formatBlock.ts";
import { decodeRevertReason } from "../jsonRpc/revertReason.ts";
import type { BlockRecord, RpcBackend } from "../ports.ts";

/** For the transactions of one block together; what takes longer is told without what it returned. */
const TRACE_MS_MAX = 5_000;
/** Whoever makes more of them asks for those that matter. */
const BLOCKS_MAX = 1_000;

/** What a transaction returned, and in words why it failed. */
function outcomeOf(trace: Readonly<Record<string, unknown>> | undefined, succeeded: boolean): Record<string, unknown> {
  const output = trace?.["output"];
  if (!isHex(output)) return {};
  const reason = succeeded ? null : decodeRevertReason(hexToBytes(output));
  return reason === null ? { output } : { output, revertReason: reason };
}

async function detailsOf({ tracing }: RpcBackend, record: BlockRecord): Promise<Record<string, unknown>> {
  const block = formatBlock(record, true);
  if (record.transactions.length === 0) return block;
  const traced = await tracing.transactions(
    { number: record.block.header.number, index: null },
    { tracer: "call", onlyTopCall: true, withLogs: false },
    TRACE_MS_MAX,
  );
  const traces = traced.ok ? traced.value : [];
  const transactions = (block["transactions"] as readonly Record<string, unknown>[]).map((transaction, index) => ({
    ...transaction,
    ...outcomeOf(traces[index]?.trace, record.transactions[index]?.succeeded === true),
  }));
  return { ...block, transactions };
}

/** The newest blocks above a height, whole, with what their transactions returned. */
export async function minedDetails(backend: RpcBackend, above: number): Promise<readonly Record<string, unknown>[]> {
  const { chain } = backend;
  const head = chain.head();
  const blocks: Record<string, unknown>[] = [];
  // Blocks may go on being made while these are looked at.
  for (let number = Math.max(above, head - BLOCKS_MAX) + 1; number <= head; number++) {
    const record = chain.blockByNumber(number);
    if (record !== undefined) blocks.push(await detailsOf(backend, record));
  }
  return blocks;
}
