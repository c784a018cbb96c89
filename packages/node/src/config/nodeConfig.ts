import { type Address, fail, ok, parseAddress, type Result } from "@festina/primitives";
import * as z from "zod";

/**
 * What one node is free to choose: places, ports, roles. Nothing here may change what is valid; that is the chain
 * spec's. The file is JSON; relative paths are relative to its folder.
 */

const port = z.int().min(0).max(65_535);
const address = z
  .string()
  .refine((text) => parseAddress(text).ok, "expected 0x and 40 hex digits")
  .transform((text) => text.toLowerCase() as Address);

const rpc = z.strictObject({
  host: z.string().default("127.0.0.1"),
  port,
  /** Host header names accepted besides the loopback ones. */
  hosts: z.array(z.string()).max(64).default([]),
});

const network = z.strictObject({
  host: z.string().default("127.0.0.1"),
  port,
  /** File of the Ed25519 key that names this node; made when missing. */
  nodeKeyFile: z.string().default("node.key"),
  /** `node-id@host:port` of every peer to stay connected with. */
  peers: z
    .array(z.string().regex(/^0x[0-9a-f]{64}@[^@:\s]+:\d{1,5}$/, "expected node-id@host:port"))
    .max(512)
    .default([]),
});

const validator = z.strictObject({
  /** File with the signature suite's secret key: 0x and 64 hex digits. */
  signingKeyFile: z.string(),
  /** File with the owner account's secret key: sends `ready()` once per window. */
  ownerKeyFile: z.string(),
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
  log: z
    .strictObject({ level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info") })
    .default({ level: "info" }),
});

export type NodeConfig = z.infer<typeof schema>;

const LOOPBACK: readonly string[] = ["127.0.0.1", "localhost", "::1"];

/** Checks a parsed configuration file; the message names the field. */
export function checkNodeConfig(value: unknown): Result<NodeConfig, "NODE_CONFIG_INVALID"> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return fail("NODE_CONFIG_INVALID", `${issue?.path.join(".") || "configuration"}: ${issue?.message ?? "invalid"}`);
  }
  const config = parsed.data;
  if (config.developmentAccounts > 0 && config.rpc !== null && !LOOPBACK.includes(config.rpc.host)) {
    return fail("NODE_CONFIG_INVALID", "developmentAccounts: their keys are public; the RPC must stay on loopback");
  }
  return ok(config);
}
