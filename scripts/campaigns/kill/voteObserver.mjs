// A stranger on the peer network that writes down every proposal and vote it hears, and when which node had which head.
// What members sign is judged from outside, over all their lives: the file goes on where a killed process began anew.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createNodeIdentity, createSystemClock, createTlsTransport } from "@festina/adapters";
import { createNetwork, PROTOCOL_VERSION, parsePeerAddress } from "@festina/network";
import { readRlp } from "@festina/primitives";
import { decodeCertificate, decodePrePrepare, decodeVote, signerIndexes, specHash } from "@festina/types";
import { MEMBERS } from "../devnet/devnetUnderTest.mjs";
import { waitFor } from "../devnet/patience.mjs";

const CONNECT_MS = 20_000;
/** Short, so that nothing a restarted node says is missed. */
const DIAL_BACKOFF_MS = { min: 50, max: 100 };
/** It only listens: no allowance of its own shall make it drop a vote unread. */
const UNBOUNDED = { messagesPerSecond: 1e6, messagesBurst: 1e6, bytesPerSecond: 2 ** 30, bytesBurst: 2 ** 30 };

/**
 * Rules S1 to S3 as anybody can check them: one block hash per (epoch, view, kind, member), and never a COMMIT and a
 * VIEW-CHANGE of one member in one view. Other repetitions are allowed.
 */
export class VoteBook {
  #file;
  #said = new Map();
  conflicts = [];
  count = 0;
  /** Who was heard when to say something new, since this was last forgotten. */
  moments = [];
  /** Which members' signatures were in a certificate that was heard when, since this was last forgotten. */
  certificates = [];
  /** How often the first, second, third vote was heard that stands on a skipped view: moments with much at stake. */
  votesAfterSkip = [0, 0, 0, 0];

  constructor(file) {
    this.#file = file;
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, "utf8").split("\n")) if (line !== "") this.#judge(line.split(" "));
  }

  note({ epoch, view, kind, member, blockHash }) {
    const words = [String(epoch), String(view), kind, String(member), blockHash];
    if (!this.#judge(words)) return;
    this.moments.push({ epoch, member, atMs: performance.now() });
    appendFileSync(this.#file, `${words.join(" ")}\n`);
    const isPrepare = kind === "prepare" || kind === "prePrepare";
    if (isPrepare && this.#voters(epoch, view - 1, "viewChange") > 1)
      this.votesAfterSkip[this.#preparers(epoch, view) - 1] += 1;
  }

  noteCertificate({ epoch, view, signers }) {
    this.certificates.push({ epoch, view, members: signerIndexes(signers), atMs: performance.now() });
  }

  forgetMoments() {
    this.moments = [];
    this.certificates = [];
  }

  /** A proposal is its leader's PREPARE. */
  #preparers(epoch, view) {
    return this.#voters(epoch, view, "prepare") + (this.#said.has(`${epoch} ${view} leader prePrepare`) ? 1 : 0);
  }

  #voters(epoch, view, kind) {
    const members = Array.from({ length: MEMBERS }, (_, member) => member);
    return members.filter((member) => this.#said.has(`${epoch} ${view} ${member} ${kind}`)).length;
  }

  /**
   * True when this had not been heard before.
   * @param {string[]} words epoch, view, kind, member, block hash
   */
  #judge([epoch, view, kind, member, blockHash]) {
    const voter = `${epoch} ${view} ${member}`;
    const key = `${voter} ${kind}`;
    const former = this.#said.get(key);
    if (former === blockHash) return false;
    if (former !== undefined) this.conflicts.push({ key, first: former, second: blockHash });
    this.#said.set(key, blockHash);
    this.count += 1;
    const opposite = { commit: "viewChange", viewChange: "commit" }[kind];
    if (opposite !== undefined && this.#said.has(`${voter} ${opposite}`))
      this.conflicts.push({ key: voter, first: "commit", second: "viewChange" });
    return true;
  }
}

/** When the network's newest final block became known, to whom it was announced by status messages. */
export class HeadClock {
  #rises = [];
  #byNode = new Map();

  note(nodeId, number, atMs) {
    this.#byNode.set(nodeId, Math.max(number, this.#byNode.get(nodeId) ?? 0));
    if (number > this.head) this.#rises.push({ number, atMs });
  }

  get head() {
    return this.#rises.at(-1)?.number ?? 0;
  }

  headOf(nodeId) {
    return this.#byNode.get(nodeId) ?? 0;
  }

  /** First moment at which a block above `number` was final. */
  riseAbove(number) {
    return this.#rises.find((rise) => rise.number > number)?.atMs ?? null;
  }

  /** Longest time without a new final block between the two moments. */
  longestGapMs(fromMs, toMs) {
    const moments = this.#rises.map(({ atMs }) => atMs).filter((atMs) => atMs > fromMs && atMs < toMs);
    let longestMs = 0;
    let beforeMs = fromMs;
    for (const atMs of [...moments, toMs]) {
      longestMs = Math.max(longestMs, atMs - beforeMs);
      beforeMs = atMs;
    }
    return longestMs;
  }
}

const readStatus = (payload) =>
  readRlp(payload, "status", (reader) => ({ fastNumber: reader.number("fast"), snailNumber: reader.number("snail") }));

/** Connects to every member under a key of its own. `stop` ends it. */
export async function startObserver(network, votesFile) {
  const book = new VoteBook(votesFile);
  const clock = new HeadClock();
  const addresses = network.placed.slice(0, network.members.length).map(({ layout, networkPort }, index) => {
    const peers = JSON.parse(readFileSync(network.placed.at(-1).layout.configFile, "utf8")).network.peers;
    const address = parsePeerAddress(peers[index]);
    if (!address.ok || address.value.port !== networkPort)
      throw new Error(`${layout.configFile}: unexpected peer address`);
    return address.value;
  });
  const genesis = await network.rpc(network.members[0])("eth_getBlockByNumber", "0x0", false);
  let undecoded = 0;
  const take = (decoded, use) => {
    if (decoded.ok) use(decoded.value);
    else undecoded += 1;
  };
  const observer = createNetwork({
    transport: createTlsTransport({ identity: createNodeIdentity() }),
    listen: null,
    handshake: () => ({
      protocolVersion: PROTOCOL_VERSION,
      specHash: specHash(network.spec),
      genesisHash: genesis.hash,
      role: "observer",
      agent: "kill-campaign",
      headNumber: 0,
      snailNumber: 0,
    }),
    peers: addresses,
    limits: {
      dialBackoffMsMin: DIAL_BACKOFF_MS.min,
      dialBackoffMsMax: DIAL_BACKOFF_MS.max,
      allowances: {
        blocks: UNBOUNDED,
        consensus: UNBOUNDED,
        control: UNBOUNDED,
        fruits: UNBOUNDED,
        transactions: UNBOUNDED,
      },
    },
    clock: createSystemClock(),
    random: Math.random,
    events: {
      peerUp: () => undefined,
      peerDown: () => undefined,
      message: (peer, type, payload) => {
        if (type === "prePrepare")
          take(decodePrePrepare(payload), (said) => {
            book.note({ ...said, kind: type, member: "leader" });
            for (const certificate of [said.parentCertificate, ...said.skips])
              if (certificate !== null) book.noteCertificate(certificate);
          });
        else if (type === "certificate")
          take(decodeCertificate(payload), (certificate) => book.noteCertificate(certificate));
        else if (type === "vote") take(decodeVote(payload), (vote) => book.note(vote));
        else if (type === "status")
          take(readStatus(payload), ({ fastNumber }) => clock.note(peer, fastNumber, performance.now()));
      },
    },
  });
  await observer.start();
  await waitFor("a connection to every member", CONNECT_MS, () => observer.peers().length === addresses.length);
  return {
    book,
    clock,
    nodeIdOf: (name) => addresses[network.members.indexOf(name)].nodeId,
    undecoded: () => undecoded,
    stop: () => observer.stop(),
  };
}
