/** What one server takes on (reference: consensus-and-reliability 4.3). */
export interface RpcLimits {
  readonly bodyBytesMax: number;
  readonly responseBytesMax: number;
  readonly batchMax: number;
  readonly connectionsMax: number;
  readonly requestTimeoutMs: number;
  /** How long a connection without a request stays open. */
  readonly idleTimeoutMs: number;
}

export const DEFAULT_RPC_LIMITS: RpcLimits = {
  bodyBytesMax: 1024 * 1024,
  responseBytesMax: 25 * 1024 * 1024,
  // Of geth, and the size of the batches that viem makes.
  batchMax: 1_000,
  connectionsMax: 512,
  requestTimeoutMs: 30_000,
  // Of geth. Clients that ask every few seconds must not meet a connection that is just being closed.
  idleTimeoutMs: 120_000,
};
