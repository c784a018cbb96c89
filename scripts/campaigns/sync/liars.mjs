// Peers that pass on an honest node's answers, some of them changed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createNodeIdentity, createSystemClock, createTlsTransport } from "@festina/adapters";
import { checkChainSpec, parseChainSpecJson } from "@festina/chainspec";
import { createNetwork, PROTOCOL_VERSION, parsePeerAddress } from "@festina/network";
import { specHash } from "@festina/types";
import { waitFor } from "../devnet/patience.mjs";

/** @type {readonly import("@festina/network").RequestType[]} */
const REQUESTS = [
  "getSnailHeaders",
  "getFastOutlines",
  "getAccounts",
  "getSlots",
  "getCodes",
  "getFinishedBlocks",
  "getFastBlocks",
];
const CHANGED = {
  chunks: new Set(["getAccounts", "getSlots", "getCodes"]),
  headers: new Set(["getSnailHeaders", "getFastOutlines"]),
  nothing: new Set(),
};
const UPSTREAM_MS = 8_000;
const CONNECT_MS = 30_000;

/** One byte, somewhere in the middle. */
function bent(payload) {
  const copy = payload.slice();
  copy[copy.length >> 1] ^= 1;
  return copy;
}

export async function startLiar({ kind, port, folder, upstream }) {
  const spec = checkChainSpec(parseChainSpecJson(readFileSync(join(folder, "chainspec.json"), "utf8")));
  if (!spec.ok) throw new Error(spec.error.message);
  const honest = parsePeerAddress(upstream);
  if (!honest.ok) throw new Error(honest.error.message);
  const made = JSON.parse(readFileSync(join(folder, "made.json"), "utf8"));
  const identity = createNodeIdentity();
  const transport = createTlsTransport({ identity });
  /** @returns {import("@festina/network").Handshake} */
  const handshake = () => ({
    protocolVersion: PROTOCOL_VERSION,
    specHash: specHash(spec.value),
    genesisHash: made.genesisHash,
    role: "observer",
    agent: "liar",
    headNumber: made.head,
    snailNumber: made.snail,
  });
  const nothing = () => undefined;
  const network = createNetwork({
    transport,
    listen: { host: "127.0.0.1", port },
    handshake,
    peers: [honest.value],
    clock: createSystemClock(),
    random: Math.random,
    events: { peerUp: nothing, peerDown: nothing, message: nothing },
  });
  for (const type of REQUESTS) {
    network.onRequest(type, async (_peer, payload) => {
      if (kind === "nothing") return new Promise(nothing);
      const answer = await network.request(honest.value.nodeId, type, payload, UPSTREAM_MS);
      if (!answer.ok) return { ok: false, error: { code: "NOT_FOUND", message: "not here" } };
      return CHANGED[kind].has(type) ? { ok: true, value: bent(answer.value) } : answer;
    });
  }
  await network.start();
  return {
    kind,
    nodeId: transport.nodeId,
    address: `${transport.nodeId}@127.0.0.1:${port}`,
    isReady: () => waitFor("the honest node", CONNECT_MS, () => network.peers().length > 0),
    stop: () => network.stop(),
  };
}
