import { keccak256 } from "@festina/crypto";
import { bytesToHex } from "@festina/primitives";
import { formatPendingTransaction } from "../format/formatTransaction.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import type { RpcBackend } from "../ports.ts";

type ByNonce = Record<string, unknown>;

/** The pool in txpool_content's form: sender, then nonce. Executable ones are pending, those behind a gap queued. */
function poolContent(
  backend: RpcBackend,
  show: (transaction: ReturnType<RpcBackend["pool"]["content"]>[number]) => unknown,
) {
  const pending: Record<string, ByNonce> = {};
  const queued: Record<string, ByNonce> = {};
  const head = backend.chain.head();
  const sorted = [...backend.pool.content()].sort((a, b) => (a.nonce < b.nonce ? -1 : a.nonce > b.nonce ? 1 : 0));
  const expected = new Map<string, bigint>();
  for (const transaction of sorted) {
    const { sender, nonce } = transaction;
    const next = expected.get(sender) ?? backend.state.nonce(sender, head) ?? 0n;
    const table = nonce === next ? pending : queued;
    if (nonce === next) expected.set(sender, next + 1n);
    table[sender] ??= {};
    table[sender][nonce.toString()] = show(transaction);
  }
  return { pending, queued };
}

const size = (table: Record<string, ByNonce>): number =>
  Object.values(table).reduce((sum, entry) => sum + Object.keys(entry).length, 0);

/** net, web3 and txpool: what tools ask a node about itself. */
export function nodeMethods(backend: RpcBackend): Record<string, Method> {
  return {
    net_version: () => backend.chain.chainId.toString(),
    eth_networkId: () => backend.chain.chainId.toString(),
    net_listening: () => true,
    net_peerCount: () => toQuantity(backend.status().peers),
    /** Ours. */
    net_peers: () => backend.peers(),
    web3_clientVersion: () => backend.clientVersion(),
    web3_sha3: (values) => bytesToHex(keccak256(new Params(values).bytes(0, "data"))),
    txpool_status: () => {
      const { pending, queued } = poolContent(backend, () => true);
      return { pending: toQuantity(size(pending)), queued: toQuantity(size(queued)) };
    },
    txpool_contentFrom: (values) => {
      const address = new Params(values).address(0, "address");
      const { pending, queued } = poolContent(backend, formatPendingTransaction);
      return { pending: pending[address] ?? {}, queued: queued[address] ?? {} };
    },
    txpool_content: () => poolContent(backend, formatPendingTransaction),
    txpool_inspect: () =>
      poolContent(backend, ({ to, valueWei, gasLimit, maxFeePerGasWei }) => {
        const target = to ?? "contract creation";
        return `${target}: ${valueWei} wei + ${gasLimit} gas x ${maxFeePerGasWei} wei`;
      }),
  };
}
