import type { Failure, Hex } from "@festina/primitives";

/** JSON-RPC 2.0 codes, and geth's for what JSON-RPC leaves to servers. */
export const RPC_CODE = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  server: -32000,
  resourceUnavailable: -32002,
  responseTooLarge: -32003,
  notSupported: -32004,
  limitExceeded: -32005,
  reverted: 3,
  /** Of EIP-7966. */
  receiptTimeout: 4,
  /** Of `eth_simulateV1`. */
  machine: -32015,
  timeout: -32016,
  precompileMovedToItself: -38022,
  precompilesMovedTogether: -38023,
} as const;

/** An answer of `error` kind. Thrown inside methods, caught by the dispatcher; nothing else crosses the wire. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export function invalidParams(message: string): RpcError {
  return new RpcError(RPC_CODE.invalidParams, message);
}

/** A block, state or transaction that this node does not have; told with the code that geth has for it. */
export class NotFoundError extends RpcError {
  constructor(message: string) {
    super(RPC_CODE.server, message);
  }
}

export function notFound(message: string): RpcError {
  return new NotFoundError(message);
}

/**
 * Texts that wallets and libraries look for (as geth writes them), by our own stable code. What has no text known to
 * them keeps our sentence.
 */
const FAMILIAR: Readonly<Record<string, string>> = {
  TX_NONCE_TOO_LOW: "nonce too low",
  POOL_NONCE_TOO_LOW: "nonce too low",
  POOL_NONCE_TOO_HIGH: "nonce too high",
  POOL_FULL: "txpool is full",
  POOL_SENDER_FULL: "account limit exceeded",
  POOL_DELEGATED_FULL: "in-flight transaction limit reached for delegated accounts",
  POOL_UNPROTECTED: "only replay-protected (EIP-155) transactions allowed over RPC",
  TX_NONCE_TOO_HIGH: "nonce too high",
  TX_INSUFFICIENT_BALANCE: "insufficient funds for gas * price + value",
  POOL_INSUFFICIENT_BALANCE: "insufficient funds for gas * price + value",
  TX_INTRINSIC_GAS: "intrinsic gas too low",
  POOL_KNOWN: "already known",
  POOL_UNDERPRICED: "transaction underpriced",
  POOL_REPLACEMENT_UNDERPRICED: "replacement transaction underpriced",
  TX_SIGNATURE_INVALID: "invalid sender",
  TX_CHAIN_ID: "invalid chain id for signer",
  POOL_CHAIN_ID: "invalid chain id for signer",
  TX_GAS_ABOVE_CAP: "transaction gas limit too high",
  POOL_GAS_ABOVE_BLOCK: "exceeds block gas limit",
  TX_PRIORITY_FEE_ABOVE_FEE: "max priority fee per gas higher than max fee per gas",
  TX_FEE_BELOW_BASE_FEE: "max fee per gas less than block base fee",
  TX_INIT_CODE_TOO_LARGE: "max initcode size exceeded",
  TX_FLOOR_GAS: "insufficient gas for floor data gas cost",
  TX_SENDER_HAS_CODE: "sender not an eoa",
  TX_TYPE_UNKNOWN: "transaction type not supported",
  TX_BLOB_UNSUPPORTED: "transaction type not supported",
};

/** The words of a refusal: geth's where tools parse them, then our sentence. */
export function wordsOf({ code, message }: Pick<Failure, "code" | "message">): string {
  const familiar = FAMILIAR[code];
  return familiar === undefined ? message : `${familiar}: ${message}`;
}

/**
 * How a send fails whose transaction is in its block, on chains that tell it so. `facts.data`: what the machine gave back;
 * `facts.transactionHash`: the transaction.
 */
export const SEND_FAILURE = { reverted: "TX_REVERTED", halted: "TX_HALTED" } as const;

/** A refused transaction or call: geth's text where tools parse it, our sentence after it, our code in `data`. */
export function refusal(failure: Failure): RpcError {
  return new RpcError(RPC_CODE.server, wordsOf(failure), { code: failure.code, ...failure.facts });
}

/** A revert, with its data for the caller to decode and its reason in the message when it is plain text. */
export function reverted(data: Hex, reason: string | null): RpcError {
  return new RpcError(
    RPC_CODE.reverted,
    reason === null ? "execution reverted" : `execution reverted: ${reason}`,
    data,
  );
}
