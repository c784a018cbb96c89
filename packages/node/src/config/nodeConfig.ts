import { RECORD_ADDRESSES_MAX } from "@festina/network";
import { type Address, fail, ok, parseAddress, type Result } from "@festina/primitives";
import { parseOrigin } from "@festina/rpc";
import * as z from "zod";
import { parseAnnounced } from "./announced.ts";
import { closestWord } from "./closestWord.ts";

/**
 * What one node is free to choose: places, ports, roles. Nothing here may change what is valid; that is the chain
 * spec's. The file is JSON; relative paths are relative to its folder.
 */

const port = z.int().min(0).max(65_535);
const address = z
  .string()
  .refine((text) => parseAddress(text).ok, "expected 0x and 40 hex digits")
  .transform((text) => text.toLowerCase() as Address);

const peerAddress = z.string().regex(/^0x[0-9a-f]{64}@[^@:\s]+:\d{1,5}$/, "expected node-id@host:port");

const rpc = z.strictObject({
  host: z.string().default("127.0.0.1"),
  port,
  /** Host header names accepted besides the loopback ones. */
  hosts: z.array(z.string()).max(64).default([]),
  /** File of a socket for programs of the same user; none where absent. */
  ipc: z.string().min(1).optional(),
  /** Origins whose pages may use the RPC from a browser, or `*` for all; none where absent. */
  origins: z
    .array(
      z
        .string()
        .refine((text) => parseOrigin(text) !== null, "expected an origin, such as https://app.example, or *")
        .transform((text) => parseOrigin(text) as string),
    )
    .max(64)
    .optional(),
});

const network = z.strictObject({
  host: z.string().default("127.0.0.1"),
  port,
  /** File of the Ed25519 key that names this node; made when missing. */
  nodeKeyFile: z.string().default("node.key"),
  /** `node-id@host:port` of every peer to stay connected with. */
  peers: z.array(peerAddress).max(512).default([]),
  /** Nodes to find others by, when hardly any is connected. */
  bootnodes: z.array(peerAddress).max(64).optional(),
  /** `address:port` to tell others, where that is not the listening one; literal addresses, IPv6 in brackets. */
  announce: z
    .array(z.string().refine((text) => parseAnnounced(text) !== null, "expected a literal address and a port"))
    .max(RECORD_ADDRESSES_MAX)
    .optional(),
  /** False: proposals go out and come in with all their transactions. */
  compactProposals: z.boolean().optional(),
  /** False: only configured peers, and nobody is told of this node. */
  discovery: z.boolean().optional(),
});

/** Keys of a validator: a folder of `festina validator keys`, or two plain files, which only devnets should have. */
export type ValidatorKeys =
  | { readonly keyFolder: string; readonly passwordFile: string | null }
  | { readonly signingKeyFile: string; readonly ownerKeyFile: string };

const validator = z
  .strictObject({
    /** Encrypted keys, with the record of what they have signed. */
    keyFolder: z.string().optional(),
    /** Its password; from the environment or typed when absent. */
    passwordFile: z.string().optional(),
    /** File with the signature suite's secret key: 0x and 64 hex digits. */
    signingKeyFile: z.string().optional(),
    /** File with the owner account's secret key: sends `ready()` once per window. */
    ownerKeyFile: z.string().optional(),
  })
  .transform(({ keyFolder, passwordFile = null, signingKeyFile, ownerKeyFile }, context): ValidatorKeys => {
    const isPlain = signingKeyFile !== undefined || ownerKeyFile !== undefined;
    if (keyFolder !== undefined && !isPlain) return { keyFolder, passwordFile };
    if (keyFolder === undefined && signingKeyFile !== undefined && ownerKeyFile !== undefined)
      return { signingKeyFile, ownerKeyFile };
    context.addIssue("expected keyFolder (with passwordFile or not), or both signingKeyFile and ownerKeyFile");
    return z.NEVER;
  });

const miner = z.strictObject({
  payout: address,
  /** Validators whose election this miner's fruits support, in turn, one fruit each. */
  supports: z.array(address).max(64).default([]),
  threads: z.int().min(1).max(256).default(1),
  /** Share of one core per thread. */
  cpuShare: z.number().gt(0).max(1).default(1),
});

const engine = z.strictObject({
  /** What runs contracts: all give the same results. The reference engine takes over whatever breaks another one. */
  kind: z.enum(["compiler", "interpreter", "reference"]).default("compiler"),
  /** Run everything on a second engine, too, and stop at the first difference. */
  isChecked: z.boolean().default(false),
});

const sync = z.strictObject({
  /**
   * How a folder without blocks begins: by the state of a recent block and the headers that lead to it, or by executing
   * every block since genesis, which is also what happens where there are no peers that are far ahead. A light node
   * does neither: it follows headers and certificates, keeps no state and has peers prove what it is asked for.
   */
  mode: z.enum(["snapshot", "replay", "light"]).default("snapshot"),
});

const metrics = z.strictObject({
  /** Never reached from outside unless asked for: they tell who is connected and how busy the node is. */
  host: z.string().default("127.0.0.1"),
  port,
});

/** Below this, peers that begin by snapshot could not fetch a state before it is gone. */
const STATES_KEPT_MIN = 1_024;

const schema = z.strictObject({
  chainSpecFile: z.string(),
  /** `null` keeps everything in memory. */
  dataDir: z.string().nullable(),
  rpc: rpc.nullable(),
  network: network.nullable(),
  validator: validator.nullable().default(null),
  miner: miner.nullable().default(null),
  /** How many accounts of the development mnemonic this node signs for; only with the RPC on loopback. */
  developmentAccounts: z.int().min(0).max(100).default(0),
  engine: engine.optional(),
  /** Absent: `replay`. */
  sync: sync.optional(),
  /**
   * `archive`: every state is kept. `full`: those of the newest blocks, at least `statesKept` of them and at most about twice
   * as many; blocks, receipts and certificates all the same. Absent: `archive`.
   */
  history: z.enum(["full", "archive"]).optional(),
  statesKept: z
    .int()
    .min(STATES_KEPT_MIN)
    .max(2 ** 48)
    .optional(),
  /** Where Prometheus finds `/metrics`; nowhere when absent. */
  metrics: metrics.optional(),
  log: z
    .strictObject({ level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info") })
    .default({ level: "info" }),
});

export type NodeConfig = z.infer<typeof schema>;

const LOOPBACK: readonly string[] = ["127.0.0.1", "localhost", "::1"];

/** Names of the fields that an object at this path may have. */
function fieldsAt(path: readonly PropertyKey[]): readonly string[] {
  let at: z.ZodType = schema;
  for (const step of ["", ...path]) {
    if (at instanceof z.ZodObject && step !== "") at = at.shape[String(step)];
    while (
      at instanceof z.ZodDefault ||
      at instanceof z.ZodNullable ||
      at instanceof z.ZodOptional ||
      at instanceof z.ZodPipe
    )
      at = (at instanceof z.ZodPipe ? at.in : at.unwrap()) as z.ZodType;
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code !== "unrecognized_keys")
    return `${issue?.path.join(".") || "configuration"}: ${issue?.message ?? "invalid"}`;
  const [key = ""] = issue.keys;
  const fields = fieldsAt(issue.path);
  const close = closestWord(key, fields);
  const hint = close === null ? `there are ${fields.join(", ")}` : `did you mean ${close}?`;
  return `${[...issue.path, key].join(".")}: there is no such field; ${hint}`;
}

/** Checks a parsed configuration file; the message names the field. */
export function checkNodeConfig(value: unknown): Result<NodeConfig, "NODE_CONFIG_INVALID"> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    return fail("NODE_CONFIG_INVALID", describeIssue(parsed.error.issues[0]));
  }
  const config = parsed.data;
  if (config.developmentAccounts > 0 && config.rpc !== null && !LOOPBACK.includes(config.rpc.host)) {
    return fail("NODE_CONFIG_INVALID", "developmentAccounts: their keys are public; the RPC must stay on loopback");
  }
  return ok(config);
}
