import { assert, EMPTY_BYTES, fail } from "@festina/primitives";
import type { CloseCode, CloseReason } from "./closeCode.ts";
import { Dialer } from "./dial/dialer.ts";
import { parseIp } from "./discovery/ipAddress.ts";
import { isLoopback, netgroupOf } from "./discovery/netgroup.ts";
import { type DiscoveryOptions, type DiscoveryReport, PeerDiscovery } from "./discovery/peerDiscovery.ts";
import type { NetworkLimits } from "./limits.ts";
import type { Network, NetworkOptions, PeerInfo, ReportedPenalty, RequestHandler } from "./network.ts";
import type { NodeId, PeerAddress } from "./nodeId.ts";
import { PeerScores } from "./peer/peerScores.ts";
import { type Direction, PeerSession, type SessionEvents } from "./peer/peerSession.ts";
import { PENALTIES, type PenaltyCode } from "./peer/penalty.ts";
import { RequestServer } from "./peer/requestServer.ts";
import type { RequestAnswer } from "./peer/requestTable.ts";
import { resolveDuplicate } from "./peer/resolveDuplicate.ts";
import { type Stranger, StrangerTable } from "./peer/strangerTable.ts";
import { type MessageTraffic, Traffic } from "./peer/traffic.ts";
import type { Connection, ListenAddress } from "./transport.ts";
import { encodeFrame } from "./wire/frameCodec.ts";
import { MESSAGES, type PushType, type RequestType } from "./wire/messageType.ts";

/** Decides which connections live: one per peer, places for configured peers, bans. The rest is the sessions' work. */
export class PeerManager implements Network {
  readonly nodeId: NodeId;
  readonly #options: NetworkOptions;
  readonly #limits: NetworkLimits;
  readonly #dialer: Dialer;
  readonly #scores: PeerScores;
  readonly #requestServer: RequestServer;
  readonly #discovery: PeerDiscovery | null;
  /** Given by the operator. The dialer also keeps links to members that were found. */
  readonly #configured = new Set<NodeId>();
  /** Everything open, before the handshake too. */
  readonly #sessions = new Set<PeerSession>();
  readonly #strangers: StrangerTable;
  /** Past the handshake, one per peer. */
  readonly #established = new Map<NodeId, PeerSession>();
  readonly #traffic = new Traffic();
  #state: "new" | "running" | "stopped" = "new";

  constructor(options: NetworkOptions, limits: NetworkLimits) {
    this.#options = options;
    this.#limits = limits;
    this.nodeId = options.transport.nodeId;
    this.#scores = new PeerScores(limits);
    this.#strangers = new StrangerTable(options.clock.nowMs());
    this.#requestServer = new RequestServer((type, cause) => options.log?.({ kind: "handlerFailed", type, cause }));
    this.#dialer = new Dialer({
      transport: options.transport,
      limits,
      clock: options.clock,
      random: options.random,
      isConnected: (nodeId) => this.#hasSession(nodeId),
      bannedUntilMs: (nodeId) => this.#scores.bannedUntilMs(nodeId),
      onConnection: (connection) => this.#onConnection(connection, "outbound"),
      onFailure: (nodeId, code, attempts) => options.log?.({ kind: "dialFailed", nodeId, code, attempts }),
    });
    this.#discovery = options.discovery === undefined ? null : this.#createDiscovery(options.discovery);
    for (const address of options.peers) this.addPeer(address);
  }

  async start(): Promise<ListenAddress | null> {
    assert(this.#state === "new", "a network starts once");
    this.#state = "running";
    const { listen, transport } = this.#options;
    const bound =
      listen === null
        ? null
        : await transport.listen(listen, (connection) => this.#onConnection(connection, "inbound"));
    if (bound !== null) this.#options.log?.({ kind: "listening", host: bound.host, port: bound.port });
    if (this.#isRunning()) {
      this.#dialer.start();
      this.#discovery?.start(bound);
    }
    return bound;
  }

  async stop(): Promise<void> {
    this.#state = "stopped";
    this.#dialer.stop();
    this.#discovery?.stop();
    for (const session of [...this.#sessions]) session.close("STOPPING");
    await this.#options.transport.close();
  }

  peers(): readonly PeerInfo[] {
    return [...this.#established.values()].map((session) => this.#describe(session));
  }

  strangers(): readonly Stranger[] {
    return this.#strangers.list(this.#options.clock.nowMs());
  }

  addPeer(address: PeerAddress): void {
    if (address.nodeId === this.nodeId) return;
    this.#configured.add(address.nodeId);
    this.#dialer.add(address);
  }

  discovery(): DiscoveryReport | null {
    return this.#discovery?.report() ?? null;
  }

  traffic(): readonly MessageTraffic[] {
    return this.#traffic.report();
  }

  send(peerId: NodeId, type: PushType, payload: Uint8Array): boolean {
    const frame = encodeFrame(type, null, payload);
    return this.#established.get(peerId)?.send(MESSAGES[type].class, frame) ?? false;
  }

  broadcast(type: PushType, payload: Uint8Array, filter?: (peer: PeerInfo) => boolean): number {
    const frame = encodeFrame(type, null, payload);
    let takenCount = 0;
    for (const session of [...this.#established.values()]) {
      if (filter !== undefined && !filter(this.#describe(session))) continue;
      if (session.send(MESSAGES[type].class, frame)) takenCount += 1;
    }
    return takenCount;
  }

  async request(peerId: NodeId, type: RequestType, payload: Uint8Array, timeoutMs: number): Promise<RequestAnswer> {
    const session = this.#established.get(peerId);
    return session?.request(type, payload, timeoutMs) ?? fail("PEER_UNKNOWN", `${type}: not connected to ${peerId}`);
  }

  onRequest(type: RequestType, handler: RequestHandler): void {
    this.#requestServer.setHandler(type, handler);
  }

  penalise(peerId: NodeId, code: ReportedPenalty): void {
    const session = this.#established.get(peerId);
    if (session === undefined) this.#addPenalty(peerId, code);
    else session.penalise(code);
  }

  #createDiscovery(found: DiscoveryOptions): PeerDiscovery {
    const { clock, random, log, transport } = this.#options;
    const discovery = new PeerDiscovery(
      found,
      {
        nodeId: this.nodeId,
        dial: async (address) => {
          const dialed = await transport.dial(address);
          if (dialed.ok) this.#onConnection(dialed.value, "outbound");
          else log?.({ kind: "dialFailed", nodeId: address.nodeId, code: dialed.error.code, attempts: 1 });
          return dialed.ok;
        },
        ask: (nodeId, timeoutMs) => this.request(nodeId, "getPeers", EMPTY_BYTES, timeoutMs),
        tell: (nodeId, record) => void this.send(nodeId, "record", record),
        hold: (address) => {
          if (!this.#configured.has(address.nodeId)) this.#dialer.add(address);
        },
        release: (nodeId) => {
          if (!this.#configured.has(nodeId)) this.#dialer.remove(nodeId);
        },
        drop: (nodeId) => this.#established.get(nodeId)?.close("SURPLUS"),
        mayDial: (nodeId) => !this.#dialer.has(nodeId) && !this.#scores.isBanned(nodeId, clock.nowMs()),
        penalise: (nodeId, code) => this.#established.get(nodeId)?.penalise(code),
        onBookDiscarded: (code) => log?.({ kind: "bookDiscarded", code }),
      },
      clock,
      random,
    );
    this.#requestServer.setHandler("getPeers", (nodeId) => discovery.answer(nodeId));
    return discovery;
  }

  /** A method, so that the compiler does not carry a state seen before an `await` beyond it. */
  #isRunning(): boolean {
    return this.#state === "running";
  }

  #onConnection(connection: Connection, direction: Direction): void {
    const refusal = this.#verifyConnection(connection, direction);
    if (refusal !== null) {
      connection.close(refusal);
      this.#options.log?.({ kind: "connectionRefused", nodeId: connection.remoteNodeId, code: refusal });
      if (direction === "inbound") return;
      this.#dialer.onClosed(connection.remoteNodeId, 0);
      this.#discovery?.onDown(connection.remoteNodeId, refusal, false);
      return;
    }
    // One greeting per peer and direction: whoever dials again has lost the former.
    for (const session of [...this.#sessions]) {
      const isSame = session.nodeId === connection.remoteNodeId && session.direction === direction;
      if (isSame && !session.isEstablished) session.close("DUPLICATE");
    }
    const { clock, handshake } = this.#options;
    const session = new PeerSession({
      connection,
      direction,
      ownHandshake: handshake(),
      limits: this.#limits,
      clock,
      events: this.#sessionEvents,
      traffic: this.#traffic,
    });
    this.#sessions.add(session);
    session.start();
  }

  #hasSession(nodeId: NodeId, direction?: Direction): boolean {
    return [...this.#sessions].some(
      (session) => session.nodeId === nodeId && (direction === undefined || session.direction === direction),
    );
  }

  /** Why the connection is not wanted, or `null`. */
  #verifyConnection(connection: Connection, direction: Direction): CloseCode | null {
    const nodeId = connection.remoteNodeId;
    if (!this.#isRunning()) return "STOPPING";
    if (nodeId === this.nodeId) return "SELF";
    if (this.#scores.isBanned(nodeId, this.#options.clock.nowMs())) return "BANNED";
    const existing = this.#established.get(nodeId);
    if (existing !== undefined) {
      const kept = resolveDuplicate(this.nodeId, nodeId, existing.direction, direction);
      if (kept === "existing") return "DUPLICATE";
    }
    // Both dial: ours is the one to keep, so theirs ends before anything that was sent over it could get lost.
    const isDialing = this.#dialer.isDialing(nodeId) || this.#discovery?.isDialing(nodeId) === true;
    const isOursComing = isDialing || this.#hasSession(nodeId, "outbound");
    if (direction === "inbound" && this.nodeId < nodeId && isOursComing) return "DUPLICATE";
    return direction === "inbound" && !this.#hasPlace(connection) ? "TOO_MANY_PEERS" : null;
  }

  /** For an inbound connection: configured peers and members always have one. */
  #hasPlace({ remoteNodeId, remoteHost }: Connection): boolean {
    const isReserved = (nodeId: NodeId): boolean =>
      this.#dialer.has(nodeId) || this.#discovery?.isSeated(nodeId) === true;
    if (isReserved(remoteNodeId)) return true;
    const others = [...this.#sessions].filter(
      ({ direction, nodeId }) => direction === "inbound" && !isReserved(nodeId),
    );
    if (others.length >= this.#limits.inboundMax) return false;
    if (parseIp(remoteHost) === null || isLoopback(remoteHost)) return true;
    const group = netgroupOf(remoteHost);
    const ofGroup = others.filter((session) => netgroupOf(session.remoteHost) === group);
    return ofGroup.length < this.#limits.inboundPerGroupMax;
  }

  readonly #sessionEvents: SessionEvents = {
    established: (session) => this.#onEstablished(session),
    message: (session, type, payload) => {
      if (type === "record") this.#discovery?.onRecord(session.nodeId, payload);
      else this.#options.events.message(session.nodeId, type, payload);
    },
    request: (session, type, id, payload) => void this.#requestServer.serve(session, type, id, payload),
    penalised: (session, code) => this.#addPenalty(session.nodeId, code),
    mismatched: (session, code, own, theirs) => {
      const { clock, log } = this.#options;
      const isConfigured = this.#configured.has(session.nodeId);
      const stranger = this.#strangers.note(session, code, { own, theirs }, isConfigured, clock.nowMs());
      if (stranger !== null) log?.({ kind: "stranger", stranger });
    },
    closed: (session, reason) => this.#onClosed(session, reason),
  };

  #onEstablished(session: PeerSession): void {
    const existing = this.#established.get(session.nodeId);
    if (existing !== undefined) {
      const kept = resolveDuplicate(this.nodeId, session.nodeId, existing.direction, session.direction);
      (kept === "existing" ? session : existing).close("DUPLICATE");
      if (kept === "existing") return;
    }
    this.#established.set(session.nodeId, session);
    this.#strangers.forget(session.nodeId);
    this.#options.events.peerUp(this.#describe(session));
    const { nodeId, direction, remoteHost: host } = session;
    this.#discovery?.onUp({ nodeId, direction, host, isKept: this.#dialer.has(nodeId) });
  }

  #onClosed(session: PeerSession, reason: CloseReason): void {
    this.#sessions.delete(session);
    this.#options.log?.({ kind: "connectionClosed", nodeId: session.nodeId, reason });
    const wasUp = this.#established.get(session.nodeId) === session;
    if (wasUp) this.#established.delete(session.nodeId);
    if (!this.#isRunning()) return;
    this.#dialer.onClosed(session.nodeId, wasUp ? this.#options.clock.nowMs() - session.openedAtMs : 0);
    this.#discovery?.onDown(session.nodeId, reason.code, wasUp);
    if (wasUp) this.#options.events.peerDown(session.nodeId, reason);
  }

  #addPenalty(nodeId: NodeId, code: PenaltyCode): void {
    // The operator chose configured peers, the chain its members; a link lost to a burst of transactions could cost the committee its quorum.
    const isSpared = code === "RATE_EXCEEDED" && this.#dialer.has(nodeId);
    const points = isSpared ? 0 : PENALTIES[code].points;
    const nowMs = this.#options.clock.nowMs();
    this.#options.log?.({ kind: "penalised", nodeId, code, points });
    if (points === 0 || !this.#scores.add(nodeId, points, nowMs)) return;
    this.#options.log?.({ kind: "banned", nodeId, untilMs: this.#scores.bannedUntilMs(nodeId) });
    for (const session of [...this.#sessions]) if (session.nodeId === nodeId) session.close("BANNED");
  }

  #describe(session: PeerSession): PeerInfo {
    const { nodeId, direction, handshake, remoteHost, roundTripMs, framesLost } = session;
    assert(handshake !== null, "only established sessions are described");
    return {
      nodeId,
      direction,
      handshake,
      remoteHost,
      isConfigured: this.#configured.has(nodeId),
      isSeated: this.#discovery?.isSeated(nodeId) === true,
      points: this.#scores.points(nodeId, this.#options.clock.nowMs()),
      connectedAtMs: session.openedAtMs,
      roundTripMs,
      framesLost,
    };
  }
}
