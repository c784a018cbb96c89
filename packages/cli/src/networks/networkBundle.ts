// A network in one file: all that a machine needs in order to join it, and nothing that has to be asked of anybody.
import {
  createInterpreterEngine,
  createKeccakKernel,
  createMemoryStore,
  createSignatureSuite,
} from "@festina/adapters";
import {
  type ChainSpec,
  canonicalText,
  checkChainSpec,
  parseChainSpecJson,
  serializeChainSpec,
} from "@festina/chainspec";
import { keccakHash } from "@festina/crypto";
import { parsePeerAddress } from "@festina/network";
import { openChain } from "@festina/node";
import { asciiToBytes, fail, type Hash32, ok, type Result } from "@festina/primitives";
import { specHash } from "@festina/types";

export interface NetworkBundle {
  readonly spec: ChainSpec;
  /** `node-id@host:port` of nodes to find the others by. */
  readonly bootnodes: readonly string[];
}

/** What a file holds; `genesisHash` and `digest` are checked, not believed. */
interface BundleText {
  readonly format: "festina-network";
  readonly version: 1;
  readonly name: string;
  readonly specHash: Hash32;
  readonly genesisHash: Hash32;
  readonly chainSpec: unknown;
  readonly bootnodes: readonly string[];
  readonly digest: Hash32;
}

const FORMAT = "festina-network";
const VERSION = 1;
const FIELDS = ["format", "version", "name", "specHash", "genesisHash", "chainSpec", "bootnodes", "digest"] as const;
/** As many as a configuration takes. */
export const BOOTNODES_MAX = 64;

export type BundleCode = "BUNDLE_INVALID" | "BUNDLE_DAMAGED" | "BUNDLE_VERSION" | "CHAIN_SPEC_INVALID";

/** The genesis block that this program makes of a chain spec. @throws OperationError GENESIS_INVALID */
export async function genesisHashOf(spec: ChainSpec): Promise<Hash32> {
  const { committed } = await openChain({
    ...{ spec, store: createMemoryStore(), suite: createSignatureSuite(spec.signatureSuite) },
    ...{ engine: createInterpreterEngine(), keccak: createKeccakKernel() },
  });
  return committed.genesisHash;
}

/** Of everything else in the file; the chain spec by its hash. */
function digestOf(name: string, hashes: Pick<BundleText, "specHash" | "genesisHash">, bootnodes: readonly string[]) {
  const { specHash, genesisHash } = hashes;
  return keccakHash(
    asciiToBytes(canonicalText({ format: FORMAT, version: VERSION, name, specHash, genesisHash, bootnodes })),
  );
}

/** The text of a bundle's file. @throws OperationError GENESIS_INVALID */
export async function formatBundle({ spec, bootnodes }: NetworkBundle): Promise<string> {
  const hashes = { specHash: specHash(spec), genesisHash: await genesisHashOf(spec) };
  const bundle: BundleText = {
    ...{ format: FORMAT, version: VERSION, name: spec.name, ...hashes },
    chainSpec: JSON.parse(serializeChainSpec(spec)),
    bootnodes,
    digest: digestOf(spec.name, hashes, bootnodes),
  };
  return `${JSON.stringify(bundle, null, 2)}\n`;
}

/** Whether parsed JSON means to be a bundle; what else it may be is a chain spec. */
export function isBundle(value: unknown): boolean {
  return typeof value === "object" && value !== null && "format" in value;
}

function invalid(message: string): Result<never, "BUNDLE_INVALID"> {
  return fail("BUNDLE_INVALID", message);
}

/** Without the genesis, which takes a while to be made: see `genesisHashOf`. */
export function parseBundle(value: unknown): Result<NetworkBundle & { readonly genesisHash: Hash32 }, BundleCode> {
  if (typeof value !== "object" || value === null) return invalid("not an object");
  const bundle = value as Readonly<Record<string, unknown>>;
  if (bundle["format"] !== FORMAT) return invalid(`format: expected "${FORMAT}"`);
  if (bundle["version"] !== VERSION)
    return fail(
      "BUNDLE_VERSION",
      `version ${JSON.stringify(bundle["version"])?.slice(0, 20)}: this program reads ${VERSION}`,
    );
  const names: readonly string[] = FIELDS;
  const unknown = Object.keys(bundle).find((field) => !names.includes(field));
  if (unknown !== undefined) return invalid(`${unknown.slice(0, 40)}: there is no such field`);
  const { name, bootnodes, digest } = bundle;
  const hashes = { specHash: bundle["specHash"] as Hash32, genesisHash: bundle["genesisHash"] as Hash32 };
  const texts = { name, digest, ...hashes };
  const missing = Object.entries(texts).find(([, text]) => typeof text !== "string");
  if (missing !== undefined) return invalid(`${missing[0]}: expected a text`);
  const isList = Array.isArray(bootnodes) && bootnodes.length <= BOOTNODES_MAX;
  if (!isList || !bootnodes.every((node) => typeof node === "string" && parsePeerAddress(node).ok))
    return invalid(`bootnodes: expected at most ${BOOTNODES_MAX} of node-id@host:port`);
  try {
    const spec = checkChainSpec(parseChainSpecJson(JSON.stringify(bundle["chainSpec"] ?? null)));
    if (!spec.ok) return spec;
    if (spec.value.name !== name) return invalid("name: the chain spec has another");
    if (specHash(spec.value) !== hashes.specHash)
      return fail("BUNDLE_DAMAGED", "the chain spec does not have the hash that the bundle names");
    if (digestOf(spec.value.name, hashes, bootnodes) !== digest)
      return fail("BUNDLE_DAMAGED", "the digest is of another content: the file was changed or cut");
    return ok({ spec: spec.value, bootnodes, genesisHash: hashes.genesisHash });
  } catch (error) {
    // What is nested without end, or has characters that no name of ours has.
    return invalid((error as Error).message);
  }
}
