// What a hostile peer may do, one way each. An attack goes on until `isOver()`; it answers with what it did.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { createNodeIdentity, createRecordKeys } from "@festina/adapters";
import { encodeFrame, FRAME_BYTES_MAX, toNodeId } from "@festina/network";
import { encodeRlp, ZERO_HASH } from "@festina/primitives";
import { encodeVote } from "@festina/types";
import { openRawPeer } from "./rawPeer.mjs";

const FRAMES_PER_TURN = 8;
const SLOW_READERS = 32;
const FAKE_ADDRESSES = 10_000;
/** Each may tell so much a second, so that it takes some to tell all. */
const TELLERS = 24;
const RECORDS_PER_REPLY = 32;
const GET_PEERS = 0x51;
/** A key's own name is worked out by whoever reads its record. */
const NOBODY = toNodeId(new Uint8Array(32));
const RECORD_DOMAIN = Buffer.from("festina node record");
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Frames at full speed under one name after another, for a name lasts until it is banned. */
async function floodFrames({ address, handshake, isOver }, frameOf) {
  let frames = 0;
  let cutOffs = 0;
  while (!isOver()) {
    const peer = await openRawPeer(address, handshake);
    if (peer === null) continue;
    while (peer.isOpen && !isOver()) {
      // What nobody takes in would only fill this process.
      if (peer.isGreeted && peer.socket.bufferedAmount < 8 * FRAME_BYTES_MAX) {
        for (let sent = 0; sent < FRAMES_PER_TURN && peer.isOpen; sent++) peer.socket.send(frameOf(frames++));
      }
      await turn();
    }
    if (!peer.isOpen) cutOffs += 1;
    peer.socket.terminate();
  }
  return { frames, cutOffs };
}

/** Bytes that mean nothing: before TLS, inside TLS, and in frames of every type. */
async function garbage(task) {
  const noise = randomBytes(64 * 1_024);
  const plain = setInterval(() => {
    const socket = connect(task.address.port, task.address.host, () => socket.end(noise));
    socket.on("error", () => undefined);
  }, 20);
  const result = await floodFrames(task, (index) => {
    const frame = Uint8Array.from(noise.subarray(index % 1_000, (index % 1_000) + 2_000));
    frame[0] = 0x10 + (index % 0x60);
    return frame;
  });
  clearInterval(plain);
  return result;
}

/** Connections without end, each left as soon as it stands: the handshake is the dearest thing that a stranger gets. */
async function handshakes({ address, isOver }) {
  const identity = createNodeIdentity();
  let opened = 0;
  let refused = 0;
  const one = async () => {
    while (!isOver()) {
      const peer = await openRawPeer(address, null, identity);
      if (peer === null) refused += 1;
      else {
        opened += 1;
        peer.socket.terminate();
      }
      await turn();
    }
  };
  await Promise.all(Array.from({ length: 16 }, one));
  return { opened, refused };
}

/** Ask for the largest answers there are, and read none of them. */
async function slowReaders({ address, handshake, isOver }) {
  let asked = 0;
  const one = async () => {
    while (!isOver()) {
      const peer = await openRawPeer(address, handshake);
      if (peer === null) {
        await turn();
        continue;
      }
      peer.socket.pause();
      for (let id = 1n; peer.isOpen && !isOver(); id++) {
        peer.socket.send(encodeFrame("getFastBlocks", id, encodeRlp([Uint8Array.of(1), Uint8Array.of(0xff)])));
        asked += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      peer.socket.terminate();
    }
  };
  await Promise.all(Array.from({ length: SLOW_READERS }, one));
  return { asked };
}

function nested(depth) {
  let bytes = Buffer.from([0xc0]);
  for (let level = 0; level < depth; level++) {
    const { length } = bytes;
    const header = length < 56 ? [0xc0 + length] : length < 256 ? [0xf8, length] : [0xf9, length >> 8, length & 0xff];
    bytes = Buffer.concat([Buffer.from(header), bytes]);
  }
  return bytes;
}

/** Above the limit of a type, above that of any frame, and lists in lists in lists. */
async function oversized(task) {
  const deep = nested(10_000);
  const frames = [
    ...["prePrepare", "transactions", "fruits", "newSnailBlock"].map((type) =>
      encodeFrame(/** @type {"fruits"} */ (type), null, deep),
    ),
    Buffer.concat([Buffer.from([0x11]), Buffer.alloc(64 * 1_024)]),
    Buffer.concat([Buffer.from([0x31]), Buffer.alloc(2 * 1_024 * 1_024)]),
    Buffer.alloc(FRAME_BYTES_MAX + 1, 0x10),
  ];
  return floodFrames(task, (index) => frames[index % frames.length]);
}

/** Votes of members that these have not signed. */
async function signatures(task) {
  const { epoch, view } = task.place;
  return floodFrames(task, (index) =>
    encodeFrame(
      "vote",
      null,
      encodeVote({
        kind: "prepare",
        epoch,
        view: view + (index % 64),
        blockHash: ZERO_HASH,
        member: index % 4,
        signature: Uint8Array.from(randomBytes(96)),
      }),
    ),
  );
}

function fakeRecord(index, genesisHash) {
  const privateKeyPem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const { publicKey, sign } = createRecordKeys({ nodeId: NOBODY, privateKeyPem, certificatePem: "" });
  // Of this machine, since others would not be believed from here: 64 ports each count as a party of their own.
  const port = Buffer.from([(2 + Math.floor(index / 256)) & 0xff, index & 0xff]);
  const content = [
    Uint8Array.of(1),
    publicKey,
    Buffer.from(genesisHash.slice(2), "hex"),
    Uint8Array.of(1),
    new Uint8Array(0),
    [[Uint8Array.of(127, 1, 0, 1), port]],
    [],
  ];
  return encodeRlp([...content, sign(Buffer.concat([RECORD_DOMAIN, encodeRlp(content)]))]);
}

/**
 * Answers every question for peers with records that are properly signed and lead nowhere, and pushes some more. Rounds
 * begin at different ones, `share` of the way through, so that all are told where no round has time for all.
 */
async function addresses({ address, handshake, share, isOver }) {
  /** @type {Map<number, Uint8Array>} */
  const records = new Map();
  const first = Math.floor(share * FAKE_ADDRESSES);
  let told = 0;
  const next = () => {
    const index = (first + told++) % FAKE_ADDRESSES;
    const record = records.get(index) ?? fakeRecord(index, handshake.genesisHash);
    records.set(index, record);
    return record;
  };
  const one = async () => {
    while (!isOver()) {
      const peer = await openRawPeer(address, handshake);
      if (peer === null) {
        await turn();
        continue;
      }
      peer.onFrame = (frame) => {
        if (frame[0] !== GET_PEERS) return;
        const id = Buffer.from(frame.subarray(1, 9)).readBigUInt64BE();
        const sample = Array.from({ length: RECORDS_PER_REPLY }, next);
        peer.socket.send(encodeFrame("peerRecords", id, encodeRlp([new Uint8Array(0), sample])));
      };
      while (peer.isOpen && !isOver()) {
        peer.socket.send(encodeFrame("record", null, next()));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      peer.socket.terminate();
    }
  };
  await Promise.all(Array.from({ length: TELLERS }, one));
  return { told, first, addresses: records.size };
}

/** How many different addresses the rounds have told together; each told `addresses` of them from `first` on. */
export function differentAddresses(rounds) {
  const all = new Set();
  for (const { first, addresses: count } of rounds)
    for (let at = 0; at < count; at++) all.add((first + at) % FAKE_ADDRESSES);
  return all.size;
}

export const ATTACKS = { garbage, handshakes, slowReaders, oversized, signatures, addresses };
