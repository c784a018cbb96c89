// A certificate of 100 validators with one seat each, all of which signed.
import { createSignatureSuite } from "@festina/adapters";
import { joinVotes, verifyCertificate, voteMessage } from "@festina/fastchain";
import { bytesToHex, toAddress, toHash32 } from "@festina/primitives";
import { encodeCertificate } from "@festina/types";
import { median } from "./statistics.mjs";

const SEATS = 100;
const ROUNDS = 50;

export function measureCertificate() {
  const suite = createSignatureSuite("bls");
  const secrets = Array.from({ length: SEATS }, (_, index) => new Uint8Array(32).fill(index + 1).fill(1, 0, 1));
  const address = (index) => toAddress(new Uint8Array(20).fill(index));
  const members = secrets.map((secret, index) => ({
    address: address(index),
    payout: address(index),
    publicKey: bytesToHex(suite.publicKey(secret)),
    seats: 1,
  }));
  const hash = (byte) => toHash32(new Uint8Array(32).fill(byte));
  const context = { chainId: 1n, genesisHash: hash(0x11), epoch: 1 };
  const blockHash = hash(0x22);
  const message = voteMessage(context, "commit", 7, blockHash);
  /** @type {import("@festina/types").Vote[]} */
  const votes = secrets.map((secret, member) => ({
    kind: "commit",
    epoch: 1,
    view: 7,
    blockHash,
    member,
    signature: suite.sign(secret, message),
  }));
  const certificate = joinVotes(votes, suite);
  if (certificate === null) throw new Error("votes do not join");
  const timesMs = [];
  for (let round = 0; round < ROUNDS; round++) {
    // A committee of its own each time: what was verified once under one is not verified again.
    const committee = { epoch: 1, members };
    const startedMs = performance.now();
    const verified = verifyCertificate(certificate, committee, context, suite);
    timesMs.push(performance.now() - startedMs);
    if (!verified.ok) throw new Error(verified.error.message);
  }
  const bitmapAndSignature = certificate.signers.length + certificate.signature.length;
  return { bytes: bitmapAndSignature, encodedBytes: encodeCertificate(certificate).length, verifyMs: median(timesMs) };
}
