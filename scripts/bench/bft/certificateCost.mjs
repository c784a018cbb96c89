// A certificate of 100 validators with one seat each, all of which signed, and what the bare operations of its suite cost
// in the same process: what is far above that is ours, what is near it is the machine's.
import { createSignatureSuite } from "@festina/adapters";
import { joinVotes, verifyCertificate, voteMessage } from "@festina/fastchain";
import { bytesToHex, hexToBytes, toAddress, toHash32 } from "@festina/primitives";
import { encodeCertificate } from "@festina/types";
import { median } from "../../statistics.mjs";

const SEATS = 100;
const QUORUM_OF_FOUR = 3;
const ROUNDS = 15;

/** Median of `ROUNDS` calls, in milliseconds. */
function timeCalls(call) {
  const timesMs = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedMs = performance.now();
    call(round);
    timesMs.push(performance.now() - startedMs);
  }
  return median(timesMs);
}

/** CPU time of all threads, for some libraries verify on several. */
function cpuOfCalls(call) {
  const before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) call(round);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / ROUNDS;
}

export function measureCertificate(suiteName) {
  const suite = createSignatureSuite(suiteName);
  const secrets = Array.from({ length: SEATS }, (_, index) => new Uint8Array(32).fill(index + 1).fill(1, 0, 1));
  const address = (index) => toAddress(new Uint8Array(20).fill(index));
  const members = secrets.map((secret, index) => ({
    address: address(index),
    payout: address(index),
    publicKey: bytesToHex(suite.publicKey(secret)),
    seats: 1,
  }));
  const committee = { epoch: 1, members };
  const hash = (byte) => toHash32(new Uint8Array(32).fill(byte));
  const context = { chainId: 1n, genesisHash: hash(0x11), epoch: 1 };
  const blockHash = hash(0x22);
  const messageOf = (view) => voteMessage(context, "commit", view, blockHash);
  /** One for each round, for what was verified once is not verified again. */
  const certificates = Array.from({ length: ROUNDS + 1 }, (_, view) => {
    const votes = secrets.map((secret, member) => ({
      kind: /** @type {const} */ ("commit"),
      epoch: 1,
      view,
      blockHash,
      member,
      signature: suite.sign(secret, messageOf(view)),
    }));
    const certificate = joinVotes(votes, suite);
    if (certificate === null) throw new Error("votes do not join");
    // As it comes from a peer: bytes that nobody here has seen before.
    return { ...certificate, signature: certificate.signature.slice() };
  });
  const verify = (view) => {
    const verified = verifyCertificate(certificates[view], committee, context, suite);
    if (!verified.ok) throw new Error(verified.error.message);
  };
  // The keys of an epoch are decoded with its first certificate.
  verify(ROUNDS);
  const verifyMs = timeCalls(verify);
  const keys = members.map(({ publicKey }) => hexToBytes(publicKey));
  const [key, secret] = [keys[0], secrets[0]];
  const quorumOf = (view) => secrets.slice(0, QUORUM_OF_FOUR).map((each) => suite.sign(each, messageOf(view)));
  const quorums = certificates.map((_, view) => suite.aggregate(quorumOf(view)) ?? new Uint8Array(0));
  const quorumKeys = keys.slice(0, QUORUM_OF_FOUR);
  const one = certificates[0];
  if (one === undefined) throw new Error("no certificate");
  suite.verify(key, messageOf(0), one.signature);
  const floor = {
    signMs: timeCalls((view) => suite.sign(secret, messageOf(view))),
    checkMs: timeCalls((view) => suite.verifyAggregate(quorumKeys, messageOf(view), quorums[view].slice())),
    /** Two signatures and two checks of three signers: what PBFT costs a member per block. */
    blockCpuMs:
      2 * cpuOfCalls((view) => suite.sign(secret, messageOf(view))) +
      2 * cpuOfCalls((view) => suite.verifyAggregate(quorumKeys, messageOf(view), quorums[view].slice())),
    certificateMs: timeCalls((view) =>
      suite.verifyAggregate(keys, messageOf(view), certificates[view].signature.slice()),
    ),
  };
  const bitmapAndSignature = one.signers.length + one.signature.length;
  return { bytes: bitmapAndSignature, encodedBytes: encodeCertificate(one).length, verifyMs, floor };
}
