/** How nodes are found and kept. Free to differ between nodes. */
export interface DiscoveryLimits {
  /** Connections that this node opens by itself, to nodes that nobody configured. */
  readonly outboundTarget: number;
  /** Of them, to one netgroup. */
  readonly outboundPerGroupMax: number;
  /** Dials of ours under way. */
  readonly dialsMax: number;
  readonly stepMs: number;
  /** Between two tries of one address: doubling from the first to the second, as it fails again. */
  readonly retryMsMin: number;
  readonly retryMsMax: number;
  /** An address at which nobody was ever reached is forgotten after so many failures, any other after the second number. */
  readonly failuresMaxNew: number;
  readonly failuresMaxTried: number;
  /** Between two questions for records: while they bring something, and at rest. */
  readonly askMsMin: number;
  readonly askMsMax: number;
  /** Once all places are taken: how often an address is tried only in order to know whether it is good. */
  readonly probeMs: number;
  /** With fewer connections than this, bootnodes are dialled. */
  readonly bootnodesBelow: number;
  /** Answers to one peer: at most so many at once, and one per this time in the long run. */
  readonly answersBurst: number;
  readonly answerMs: number;
  /** Between two looks at whether our own record is still true. */
  readonly recordMs: number;
  readonly saveMs: number;
}

export const DEFAULT_DISCOVERY_LIMITS: DiscoveryLimits = {
  outboundTarget: 8,
  outboundPerGroupMax: 2,
  dialsMax: 4,
  stepMs: 500,
  retryMsMin: 2_000,
  retryMsMax: 1_800_000,
  failuresMaxNew: 3,
  failuresMaxTried: 10,
  askMsMin: 2_000,
  askMsMax: 60_000,
  probeMs: 120_000,
  bootnodesBelow: 2,
  answersBurst: 4,
  answerMs: 1_000,
  recordMs: 5_000,
  saveMs: 300_000,
};
