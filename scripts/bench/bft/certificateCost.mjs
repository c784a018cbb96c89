// A certificate of 100 validators with one seat each, all of which signed.
import { createSignatureSuite } from "@festina/adapters";
import { joinVotes, verifyCertificate, voteMessage } from "@festina/fastchain";
import { bytesToHex } from "@festina/primitives";
import { encodeCertificate } from "@festina/types";
import { median } from "./statistics.mjs";

const SEATS = 100;
const ROUNDS = 50;

export function measureCertificate() {
  const suite = createSignatureSuite("bls");
  const secrets = Array.from({ length: SEATS }, (_, index) => new Uint8Array(32).fill(index + 1).fill(1, 0, 1));
  const address = (index) => `0x${index.toString(16).padStart(40, "0")}`;
  const members = secrets.map((secret, index) => ({
    address: address(index),
    payout: address(index),
    publicKey: bytesToHex(suite.publicKey(secret)),
    seats: 1,
  }));
  const context = { chainId: 1n, genesisHash: `0x${"11".repeat(32)}`, epoch: 1 };
  const blockHash = `0x${"22".repeat(32)}`;
  const message = voteMessage(context, "commit", 7, blockHash);
  const votes = secrets.map((secret, member) => ({
    kind: "commit",
    epoch: 1,
    view: 7,
    blockHash,
    member,
    signature: suite.sign(secret, message),
  }));
  const certificate = joinVotes(votes, suite);
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
