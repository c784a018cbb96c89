import { bytesToHex, type Hash32, ZERO_HASH } from "@festina/primitives";
import { encodeEthereumBlock, encodeFastHeader, encodeReceipt } from "@festina/types";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import { notFound } from "../jsonRpc/rpcError.ts";
import type { BlockRecord, RpcBackend } from "../ports.ts";
import { findBlock, requireState, stateNumber } from "./blockTag.ts";

const RANGE_MAX = 1_000;

function requireBlock(backend: RpcBackend, tag: unknown): BlockRecord {
  const record = findBlock(backend, tag);
  if (record === null) throw notFound("header not found");
  return record;
}

/** Raw bytes for outside checks, and the whole state in pages. */
export function debugMethods(backend: RpcBackend): Record<string, Method> {
  return {
    debug_getRawHeader: (values) => bytesToHex(encodeFastHeader(requireBlock(backend, values[0]).block.header)),
    debug_getRawBlock: (values) => bytesToHex(encodeEthereumBlock(requireBlock(backend, values[0]).block)),
    debug_getRawReceipts: (values) =>
      requireBlock(backend, values[0]).transactions.map((executed) =>
        bytesToHex(encodeReceipt({ ...executed, type: executed.transaction.type })),
      ),
    debug_getRawTransaction: (values) => {
      const location = backend.chain.transactionLocation(new Params(values).hash(0, "transactionHash"));
      const record = location && backend.chain.blockByNumber(location.number);
      const transaction = location && record?.transactions[location.index]?.transaction;
      return transaction === undefined ? null : bytesToHex(transaction.encoded);
    },
    /** (block, startKey, maxResults) -> accounts in the order of hashed addresses; `next` starts the following page. */
    debug_accountRange: (values) => {
      const params = new Params(values);
      const number = stateNumber(backend, params.raw(0));
      const start: Hash32 = params.has(1) ? params.hash(1, "startKey") : ZERO_HASH;
      const max = params.has(2) ? params.number(2, "maxResults", RANGE_MAX) : RANGE_MAX;
      const page = requireState(backend.state.accountRange(number, start, Math.max(1, max)));
      const accounts = page.accounts.map((account) => [
        account.address ?? account.hashedKey,
        {
          balance: account.balanceWei.toString(),
          nonce: Number(account.nonce),
          root: account.storageRoot,
          codeHash: account.codeHash,
          address: account.address,
          key: account.hashedKey,
        },
      ]);
      const root = requireBlock(backend, toQuantity(number)).block.header.stateRoot;
      return { root, accounts: Object.fromEntries(accounts), next: page.next };
    },
  };
}
