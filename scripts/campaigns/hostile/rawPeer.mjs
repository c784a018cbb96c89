// A peer that speaks as it likes: WebSocket in TLS under a key of its own, every frame by hand, and reading only if it wants.
import { createNodeIdentity } from "@festina/adapters";
import { encodeFrame, encodeHandshake } from "@festina/network";
import { WebSocket } from "ws";

const OPEN_MS = 3_000;

/** Resolves to `null` when nobody lets it in. */
export function openRawPeer({ host, port }, handshake, identity = createNodeIdentity()) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`wss://${host}:${port}/festina`, {
      key: identity.privateKeyPem,
      cert: identity.certificatePem,
      minVersion: "TLSv1.3",
      rejectUnauthorized: false,
      perMessageDeflate: false,
      generateMask: () => {},
    });
    const timer = setTimeout(() => socket.terminate(), OPEN_MS);
    const peer = {
      socket,
      isClosed: false,
      /** Whether it is worth sending anything: not once the other side has said goodbye. */
      get isOpen() {
        return !this.isClosed && socket.readyState === WebSocket.OPEN;
      },
      isGreeted: false,
      onFrame: (/** @type {Uint8Array} */ _frame) => {},
    };
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      peer.isClosed = true;
      resolve(null);
    });
    socket.on("message", (data) => {
      peer.isGreeted = true;
      peer.onFrame(/** @type {Uint8Array} */ (data));
    });
    socket.on("open", () => {
      clearTimeout(timer);
      if (handshake !== null) socket.send(encodeFrame("handshake", null, encodeHandshake(handshake)));
      resolve(peer);
    });
  });
}
