// The shapes that parameters and answers are made of, in JSON Schema; each is written once and named.

export type Schema = Readonly<Record<string, unknown>>;

export const named = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const text = (pattern: string, title: string): Schema => ({ type: "string", pattern, title });
export const list = (items: Schema): Schema => ({ type: "array", items });
export const mapOf = (values: Schema): Schema => ({ type: "object", additionalProperties: values });
export const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });
export const either = (...schemas: readonly Schema[]): Schema => ({ anyOf: schemas });
export const words = (...values: readonly string[]): Schema => ({ type: "string", enum: values });
/** All of these fields are there; others may be. */
export const object = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: "object",
  required: Object.keys(properties),
  properties,
});
/** Any of these fields may be there. */
export const options = (properties: Readonly<Record<string, Schema>>): Schema => ({ type: "object", properties });

export const BOOLEAN: Schema = { type: "boolean" };
export const INTEGER: Schema = { type: "integer" };
export const NUMBER: Schema = { type: "number" };
export const STRING: Schema = { type: "string" };
export const ANYTHING: Schema = {};
export const NOTHING: Schema = { type: "null" };
export const QUANTITY = named("Quantity");
export const HASH = named("Hash");
export const ADDRESS = named("Address");
export const BYTES = named("Bytes");
export const BLOCK = named("BlockTag");
export const SNAIL_TAG = named("SnailTag");
export const CALL = named("Call");
/** Numbers for people's tools: hex, JSON numbers, decimal text. */
export const COUNT = either(QUANTITY, INTEGER, { type: "string", pattern: "^[0-9]+$" });

const BLOCK_FIELDS = {
  ...{ number: nullable(QUANTITY), hash: nullable(HASH), parentHash: HASH, sha3Uncles: HASH, miner: ADDRESS },
  ...{ stateRoot: HASH, transactionsRoot: HASH, receiptsRoot: HASH, logsBloom: nullable(BYTES), difficulty: QUANTITY },
  ...{ gasLimit: QUANTITY, gasUsed: QUANTITY, timestamp: QUANTITY, extraData: BYTES, mixHash: HASH },
  ...{ nonce: nullable(BYTES), baseFeePerGas: QUANTITY, withdrawalsRoot: HASH, parentBeaconBlockRoot: HASH },
  requestsHash: HASH,
};
const SEALED_FIELDS = {
  ...{ timestamp: QUANTITY, payout: ADDRESS, supports: nullable(ADDRESS), anchorNumber: QUANTITY, anchorHash: HASH },
  ...{ pointerHash: HASH, fruitDifficulty: QUANTITY, nonce: QUANTITY },
};
const MEMBER = object({ address: ADDRESS, payout: ADDRESS, publicKey: BYTES, seats: INTEGER });

export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Quantity: text("^0x(0|[1-9a-f][0-9a-f]*)$", "a number in hex without leading zeros"),
  Hash: text("^0x[0-9a-f]{64}$", "32 bytes"),
  Address: text("^0x[0-9a-fA-F]{40}$", "20 bytes"),
  Bytes: text("^0x([0-9a-fA-F]{2})*$", "bytes in hex"),
  BlockTag: either(
    words("latest", "safe", "finalized", "pending", "earliest", "anchored"),
    QUANTITY,
    options({ blockHash: HASH, blockNumber: QUANTITY }),
  ),
  SnailTag: either(words("latest", "earliest"), QUANTITY),
  Call: options({
    ...{ from: ADDRESS, to: nullable(ADDRESS), gas: QUANTITY, gasPrice: QUANTITY, maxFeePerGas: QUANTITY },
    ...{ maxPriorityFeePerGas: QUANTITY, value: QUANTITY, input: BYTES, data: BYTES, nonce: QUANTITY },
    ...{ chainId: QUANTITY, accessList: named("AccessList"), authorizationList: list(named("Authorization")) },
  }),
  AccessList: list(object({ address: ADDRESS, storageKeys: list(HASH) })),
  Authorization: object({
    ...{ chainId: QUANTITY, address: ADDRESS, nonce: QUANTITY, yParity: QUANTITY, r: QUANTITY, s: QUANTITY },
  }),
  StateOverrides: mapOf(
    options({
      ...{ balance: QUANTITY, nonce: QUANTITY, code: BYTES, state: mapOf(BYTES), stateDiff: mapOf(BYTES) },
      movePrecompileToAddress: ADDRESS,
    }),
  ),
  BlockOverrides: options({
    ...{ number: QUANTITY, time: QUANTITY, gasLimit: QUANTITY, feeRecipient: ADDRESS, prevRandao: HASH },
    ...{ baseFeePerGas: QUANTITY },
  }),
  Header: object(BLOCK_FIELDS),
  Block: object({
    ...BLOCK_FIELDS,
    size: QUANTITY,
    transactions: list(either(HASH, named("Transaction"))),
    uncles: list(HASH),
    withdrawals: list(ANYTHING),
  }),
  Transaction: object({
    ...{ type: QUANTITY, hash: HASH, from: ADDRESS, to: nullable(ADDRESS), nonce: QUANTITY, gas: QUANTITY },
    ...{ gasPrice: QUANTITY, value: QUANTITY, input: BYTES, v: QUANTITY, r: QUANTITY, s: QUANTITY },
    ...{ blockHash: nullable(HASH), blockNumber: nullable(QUANTITY), transactionIndex: nullable(QUANTITY) },
  }),
  Receipt: object({
    ...{ type: QUANTITY, status: QUANTITY, transactionHash: HASH, transactionIndex: QUANTITY, blockHash: HASH },
    ...{ blockNumber: QUANTITY, from: ADDRESS, to: nullable(ADDRESS), contractAddress: nullable(ADDRESS) },
    ...{ cumulativeGasUsed: QUANTITY, gasUsed: QUANTITY, effectiveGasPrice: QUANTITY, logs: list(named("Log")) },
    logsBloom: BYTES,
  }),
  Log: object({
    ...{ address: ADDRESS, topics: list(HASH), data: BYTES, blockNumber: QUANTITY, blockHash: HASH },
    ...{ transactionHash: HASH, transactionIndex: QUANTITY, logIndex: QUANTITY, removed: BOOLEAN },
  }),
  LogFilter: options({
    ...{ fromBlock: BLOCK, toBlock: BLOCK, blockHash: HASH, address: either(ADDRESS, list(ADDRESS)) },
    topics: list(nullable(either(HASH, list(HASH)))),
  }),
  TraceConfig: options({
    ...{
      tracer: words("callTracer", "flatCallTracer", "prestateTracer", "4byteTracer", "noopTracer", "muxTracer"),
      timeout: STRING,
    },
    ...{ tracerConfig: options({ onlyTopCall: BOOLEAN, withLog: BOOLEAN, diffMode: BOOLEAN, disableCode: BOOLEAN }) },
    ...{ enableMemory: BOOLEAN, enableReturnData: BOOLEAN, disableStack: BOOLEAN, disableStorage: BOOLEAN },
    limit: INTEGER,
  }),
  FlatTrace: object({ action: mapOf(STRING), subtraces: INTEGER, traceAddress: list(INTEGER), type: STRING }),
  Replay: object({
    output: BYTES,
    trace: list(named("FlatTrace")),
    stateDiff: nullable(mapOf(ANYTHING)),
    vmTrace: nullable(named("VmTrace")),
  }),
  VmTrace: object({ code: BYTES, ops: list(named("VmOperation")) }),
  VmOperation: object({
    ...{ pc: INTEGER, cost: INTEGER, ex: nullable(mapOf(ANYTHING)), sub: nullable(named("VmTrace")) },
  }),
  Certificate: object({
    ...{ kind: words("prepared", "committed", "skipped"), epoch: QUANTITY, view: QUANTITY, blockHash: HASH },
    ...{ signers: list(INTEGER), signature: BYTES },
  }),
  SnailBlock: object({
    ...{ number: QUANTITY, hash: HASH, parentHash: HASH, ...SEALED_FIELDS, certificateHash: HASH, boundaryHash: HASH },
    ...{ fruitsRoot: HASH, packedFruits: QUANTITY, difficulty: QUANTITY, totalDifficulty: QUANTITY },
    ...{ certificate: nullable(named("Certificate")), fruits: list(either(HASH, named("Fruit"))) },
  }),
  Fruit: object({ hash: HASH, ...SEALED_FIELDS, packedIn: nullable(QUANTITY) }),
  Committee: object({
    ...{ epoch: QUANTITY, firstBlock: QUANTITY, lastBlock: nullable(QUANTITY), totalSeats: INTEGER },
    ...{ quorumSeats: INTEGER, members: list(MEMBER) },
  }),
  Member: MEMBER,
  Work: object({
    ...{ workId: STRING, sealHash: HASH, blockTarget: QUANTITY, fruitTarget: QUANTITY, powEngine: STRING },
    ...{ powKey: HASH, number: QUANTITY, parentHash: HASH, anchorNumber: QUANTITY, difficulty: QUANTITY },
    fruitDifficulty: QUANTITY,
  }),
  OtterscanPage: object({
    ...{ txs: list(named("Transaction")), receipts: list(named("Receipt")), firstPage: BOOLEAN, lastPage: BOOLEAN },
  }),
  Fee: object({ to: ADDRESS, amount: QUANTITY }),
};
