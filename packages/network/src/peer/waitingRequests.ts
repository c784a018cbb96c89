import { MESSAGES, type RequestType } from "../wire/messageType.ts";

export interface WaitingRequest {
  readonly type: RequestType;
  readonly id: bigint;
  readonly payload: Uint8Array;
}

/**
 * Requests of one peer that are looked at once it has read the answers to those before. Those of consensus go first. The
 * session bounds them, as it does all requests under way.
 */
export class WaitingRequests {
  #requests: WaitingRequest[] = [];

  push(request: WaitingRequest): void {
    this.#requests.push(request);
  }

  shift(): WaitingRequest | undefined {
    const urgent = this.#requests.findIndex(({ type }) => MESSAGES[type].class === "consensus");
    return this.#requests.splice(Math.max(0, urgent), 1)[0];
  }

  clear(): void {
    this.#requests = [];
  }
}
