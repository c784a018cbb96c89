import type { Result } from "@festina/primitives";
import type { CloseCode, CloseReason } from "./closeCode.ts";
import type { NodeId, PeerAddress } from "./nodeId.ts";

/** Carries whole frames between nodes that have proved their node ids to each other. */
export interface Transport {
  readonly nodeId: NodeId;
  /** At most one listener per transport. @throws OperationError when the address cannot be bound */
  listen(at: ListenAddress, onConnection: (connection: Connection) => void): Promise<ListenAddress>;
  /** An unreachable or wrong peer is an everyday answer, so it is returned, not thrown. */
  dial(address: PeerAddress): Promise<Result<Connection, DialCode>>;
  /** Ends the listener and every connection; `dial` then fails. */
  close(): Promise<void>;
}

/** `port` 0 asks for any free port; the answer names it. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export type DialCode =
  /** Refused, no route, or no such host. */
  | "UNREACHABLE"
  | "DIAL_TIMEOUT"
  /** Something answers, but not with our protocol. */
  | "PROTOCOL_FAILED"
  /** Somebody else's key answers at this address. */
  | "PIN_MISMATCH"
  /** This transport is closed. */
  | "TRANSPORT_CLOSED";

/**
 * One authenticated link. Frames received before `onFrame` is set are kept for it. After `close`, or once `onClose`
 * was called, nothing more is called.
 */
export interface Connection {
  readonly remoteNodeId: NodeId;
  readonly remoteHost: string;
  /** False when closed, or when so much is buffered that the rest should wait for `onDrain`. */
  readonly isWritable: boolean;
  /** Nobody writes to `frame` from then on. False when it was not taken: closed, or beyond the hard limit of the buffer. */
  send(frame: Uint8Array): boolean;
  onFrame(handler: (frame: Uint8Array) => void): void;
  onDrain(handler: () => void): void;
  /** For every end but our own `close`. Not `remote` when the transport itself gave the peer up. */
  onClose(handler: (reason: CloseReason) => void): void;
  /** Tells the other side why, as far as it still listens. Harmless when closed. */
  close(code: CloseCode): void;
}
