// A process of its own that keeps one core busy: with a flood of invalid fruits, or (`burn`) with nothing. Tells at its end,
// as JSON, how often it was cut off and how long after its first message.
import { createNodeIdentity, createTlsTransport } from "@festina/adapters";
import { encodeFrame, encodeHandshake } from "@festina/network";
import { encodeRlp, ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import { encodeFruit } from "@festina/types";

const { mode, seconds, address, handshake } = JSON.parse(process.argv[2]);
const FRUITS_PER_FRAME = 32;
const FRAMES_PER_TURN = 8;
const endMs = performance.now() + seconds * 1_000;
const cutOffMs = [];
let frames = 0;
let refusedDials = 0;

function invalidFruit(nonce) {
  return encodeFruit({
    header: {
      number: 1,
      parentHash: ZERO_HASH,
      timestamp: 1,
      payout: ZERO_ADDRESS,
      supports: ZERO_ADDRESS,
      anchorNumber: 0,
      anchorHash: ZERO_HASH,
      certificateHash: ZERO_HASH,
      boundaryHash: ZERO_HASH,
      fruitsRoot: ZERO_HASH,
      packedFruits: 0,
      difficulty: 1n,
      pointerHash: ZERO_HASH,
      fruitDifficulty: 1n,
      nonce: BigInt(nonce),
    },
  });
}

const frame = encodeFrame(
  "fruits",
  null,
  encodeRlp(Array.from({ length: FRUITS_PER_FRAME }, (_, index) => invalidFruit(index))),
);
const greeting = encodeFrame("handshake", null, encodeHandshake(handshake));
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function floodOnce() {
  const transport = createTlsTransport({ identity: createNodeIdentity() });
  const dialed = await transport.dial(address);
  if (!dialed.ok) {
    refusedDials += 1;
    await transport.close();
    return;
  }
  const connection = dialed.value;
  let isOpen = true;
  connection.onClose(() => {
    isOpen = false;
  });
  let isGreeted = false;
  connection.onFrame(() => {
    isGreeted = true;
  });
  connection.send(greeting);
  let firstMs = /** @type {number | null} */ (null);
  while (isOpen && performance.now() < endMs) {
    if (isGreeted) {
      firstMs ??= performance.now();
      for (let sent = 0; sent < FRAMES_PER_TURN && isOpen; sent++) {
        connection.send(frame);
        frames += 1;
      }
    }
    await turn();
  }
  if (!isOpen && firstMs !== null) cutOffMs.push(performance.now() - firstMs);
  await transport.close();
}

while (performance.now() < endMs) {
  if (mode === "send") await floodOnce();
  else await turn();
}
process.stdout.write(`${JSON.stringify({ frames, fruits: frames * FRUITS_PER_FRAME, cutOffMs, refusedDials })}\n`);
process.exit(0);
