import { assert, InvariantError } from "@festina/primitives";
import type { RequestHandler } from "../network.ts";
import { MESSAGES, type RequestType } from "../wire/messageType.ts";
import type { PeerSession } from "./peerSession.ts";

/** Passes peers' requests to their handlers and the answers back. How many run at once is the session's limit. */
export class RequestServer {
  readonly #handlers = new Map<RequestType, RequestHandler>();
  readonly #onFailure: (type: RequestType, cause: unknown) => void;

  constructor(onFailure: (type: RequestType, cause: unknown) => void) {
    this.#onFailure = onFailure;
  }

  setHandler(type: RequestType, handler: RequestHandler): void {
    assert(!this.#handlers.has(type), `${type} has one handler`);
    this.#handlers.set(type, handler);
  }

  /** Never rejects, except when an invariant is broken: then the node stops. */
  async serve(session: PeerSession, type: RequestType, id: bigint, payload: Uint8Array): Promise<void> {
    const handler = this.#handlers.get(type);
    if (handler === undefined) return session.refuse(id, "UNSUPPORTED");
    try {
      const answer = await handler(session.nodeId, payload);
      if (answer.ok) return this.#reply(session, type, id, answer.value);
      session.refuse(id, answer.error.code);
      if (answer.error.code === "REQUEST_INVALID") session.penalise("PAYLOAD_INVALID");
    } catch (cause) {
      if (cause instanceof InvariantError) throw cause;
      this.#onFailure(type, cause);
      session.refuse(id, "FAILED");
    }
  }

  #reply(session: PeerSession, type: RequestType, id: bigint, payload: Uint8Array): void {
    const { reply } = MESSAGES[type];
    if (payload.length <= MESSAGES[reply].payloadBytesMax) {
      session.reply(reply, id, payload);
      return;
    }
    // A peer chose how much to ask for, so this must not become an assertion that it can trip.
    this.#onFailure(
      type,
      `the answer has ${payload.length} bytes, ${reply} may have ${MESSAGES[reply].payloadBytesMax}`,
    );
    session.refuse(id, "FAILED");
  }
}
