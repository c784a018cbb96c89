// What a send is answered where a failed transaction is to be told at once, as Hardhat's own node tells it.
import { fail, type Hash32, ok, type Result } from "@festina/primitives";
import { type RpcBackend, SEND_FAILURE } from "@festina/rpc";

const TRACE_MS_MAX = 2_000;

/** As `callTracer` gives it. */
interface TopFrame {
  readonly error?: string;
  readonly output?: string;
}

/** The hash of a transaction, or why it failed in its block; one that is in no block yet has not failed. */
export async function outcomeOfSend(
  { chain, tracing }: Pick<RpcBackend, "chain" | "tracing">,
  hash: Hash32,
): Promise<Result<Hash32>> {
  const place = chain.transactionLocation(hash);
  if (place === undefined) return ok(hash);
  if (chain.blockByNumber(place.number)?.transactions[place.index]?.succeeded !== false) return ok(hash);
  const options = { tracer: "call", onlyTopCall: true, withLogs: false } as const;
  const traced = await tracing.transactions(place, options, TRACE_MS_MAX);
  const { error = "transaction failed", output = "0x" } = (traced.ok ? (traced.value[0]?.trace ?? {}) : {}) as TopFrame;
  const code = error === "execution reverted" ? SEND_FAILURE.reverted : SEND_FAILURE.halted;
  return fail(code, error, { data: output, transactionHash: hash });
}
