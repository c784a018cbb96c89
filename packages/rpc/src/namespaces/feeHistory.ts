import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import { invalidParams, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { BlockRecord, RpcBackend } from "../ports.ts";
import { resolveBlockNumber } from "./blockTag.ts";

const BLOCKS_MAX = 1_024;
const PERCENTILES_MAX = 100;
/** As `eth_blobBaseFee` says: there are no blobs. */
const LEAST_BLOB_BASE_FEE = "0x1";

/** Libraries send it as a decimal text, too; geth takes both. */
function parseCount(value: unknown): number {
  const isDecimal = typeof value === "string" && /^\d{1,15}$/.test(value);
  return new Params([isDecimal ? Number(value) : value]).number(0, "blockCount");
}

function parsePercentiles(value: unknown): readonly number[] {
  if (value === undefined || value === null) return [];
  const refused = (why: string): RpcError => new RpcError(RPC_CODE.server, `invalid reward percentile: ${why}`);
  if (!Array.isArray(value)) throw invalidParams("rewardPercentiles: expected an array");
  if (value.length > PERCENTILES_MAX) throw refused(`over the query limit ${PERCENTILES_MAX}`);
  let previous = 0;
  for (const percentile of value as unknown[]) {
    if (typeof percentile !== "number") throw invalidParams("rewardPercentiles: expected numbers");
    if (percentile < 0 || percentile > 100) throw refused(`${percentile} is not between 0 and 100`);
    if (percentile < previous) throw refused(`${percentile} after ${previous}`);
    previous = percentile;
  }
  return value as number[];
}

/** Priority fee per gas at each percentile of the gas used. */
function rewards(record: BlockRecord, percentiles: readonly number[]): readonly bigint[] {
  const baseFee = record.block.header.baseFeePerGasWei;
  const paid = record.transactions.map(({ effectiveGasPriceWei, gasUsed }) => ({
    tip: effectiveGasPriceWei - baseFee,
    gasUsed,
  }));
  paid.sort((a, b) => (a.tip < b.tip ? -1 : a.tip > b.tip ? 1 : 0));
  return percentiles.map((percentile) => {
    const threshold = (Number(record.block.header.gasUsed) * percentile) / 100;
    let sum = 0;
    for (const { tip, gasUsed } of paid) {
      sum += Number(gasUsed);
      if (sum >= threshold) return tip;
    }
    return paid.at(-1)?.tip ?? 0n;
  });
}

export function feeHistoryMethods(backend: RpcBackend): Record<string, Method> {
  return {
    eth_feeHistory: (values) => {
      const count = Math.min(parseCount(values[0]), BLOCKS_MAX);
      const newest = resolveBlockNumber(backend, values[1], "newestBlock");
      const head = backend.chain.head();
      if (newest > head) {
        throw new RpcError(RPC_CODE.server, `request beyond head block: requested ${newest}, head ${head}`);
      }
      const percentiles = parsePercentiles(values[2]);
      const oldest = Math.max(0, newest - count + 1);
      const records: BlockRecord[] = [];
      for (let number = oldest; number <= newest; number++) {
        const record = backend.chain.blockByNumber(number);
        if (record !== undefined) records.push(record);
      }
      const following =
        backend.chain.blockByNumber(newest + 1)?.block.header.baseFeePerGasWei ?? backend.chain.nextBaseFeeWei();
      return {
        oldestBlock: toQuantity(oldest),
        baseFeePerGas: [...records.map(({ block }) => block.header.baseFeePerGasWei), following].map(toQuantity),
        gasUsedRatio: records.map(({ block }) => Number(block.header.gasUsed) / Number(block.header.gasLimit)),
        baseFeePerBlobGas: [...records, null].map(() => LEAST_BLOB_BASE_FEE),
        blobGasUsedRatio: records.map(() => 0),
        ...(percentiles.length > 0
          ? { reward: records.map((record) => rewards(record, percentiles).map(toQuantity)) }
          : {}),
      };
    },
  };
}
