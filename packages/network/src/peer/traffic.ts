import { MESSAGE_TYPES, MESSAGES, type MessageType, messageTypeOfNumber } from "../wire/messageType.ts";

/** Frames of one message and their bytes, without what the transport adds. */
export interface MessageTraffic {
  readonly message: MessageType;
  readonly sentFrames: number;
  readonly sentBytes: number;
  readonly receivedFrames: number;
  readonly receivedBytes: number;
}

const FIGURES = 4;
const SENT = 0;
const RECEIVED = 2;

/** What goes to all peers and comes from them, by message. */
export class Traffic {
  readonly #figures = new Float64Array(FIGURES * 256);

  onSent(frame: Uint8Array): void {
    this.#count(frame, SENT);
  }

  /** Also what is dropped afterwards. */
  onReceived(frame: Uint8Array): void {
    this.#count(frame, RECEIVED);
  }

  /** Only messages that there were. */
  report(): readonly MessageTraffic[] {
    return MESSAGE_TYPES.flatMap((message) => {
      const at = FIGURES * MESSAGES[message].number;
      const [sentFrames = 0, sentBytes = 0, receivedFrames = 0, receivedBytes = 0] = this.#figures.subarray(
        at,
        at + FIGURES,
      );
      return sentFrames + receivedFrames === 0
        ? []
        : [{ message, sentFrames, sentBytes, receivedFrames, receivedBytes }];
    });
  }

  #count(frame: Uint8Array, way: number): void {
    const number = frame[0];
    if (number === undefined || messageTypeOfNumber(number) === undefined) return;
    const at = FIGURES * number + way;
    this.#figures[at] = (this.#figures[at] as number) + 1;
    this.#figures[at + 1] = (this.#figures[at + 1] as number) + frame.length;
  }
}
