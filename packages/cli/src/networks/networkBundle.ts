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
import { asciiToBytes, fail, type Hash32, isHex, ok, type Result } from "@festina/primitives";
import { specHash } from "@festina/types";

export interface NetworkBundle {
  readonly spec: ChainSpec;
  /** `node-id@host:port` of nodes to find the others by. */
  readonly bootnodes: readonly string[];
  /** What to begin by, as whoever made the bundle knows it: its file may come from anybody. */
  readonly snapshot?: SnapshotMark;
}

/** Of a file of `festina snapshot export`. */
export interface SnapshotMark {
  readonly headNumber: number;
  readonly headHash: Hash32;
  /** SHA-256 of its content, which are also its last 32 bytes. */
  readonly digest: Hash32;
}

/** What a file holds; `genesisHash` and `digest` are checked, not believed. */
interface BundleText {
  readonly format: "festina-network";
  readonly version: Version;
  readonly name: string;
  readonly specHash: Hash32;
  readonly genesisHash: Hash32;
  readonly chainSpec: unknown;
  readonly bootnodes: readonly string[];
  readonly snapshot?: SnapshotMark;
  readonly digest: Hash32;
}

const FORMAT = "festina-network";
/** The second has a snapshot; without one a bundle is of the first, which every program reads. */
type Version = 1 | 2;
const versionOf = ({ snapshot }: Pick<NetworkBundle, "snapshot">): Version => (snapshot === undefined ? 1 : 2);
const FIELDS = ["format", "version", "name", "specHash", "genesisHash", "chainSpec", "bootnodes", "digest"] as const;
const FIELDS_OF: Readonly<Record<Version, readonly string[]>> = { 1: FIELDS, 2: [...FIELDS, "snapshot"] };
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
function digestOf(
  network: NetworkBundle,
  { specHash, genesisHash }: Pick<BundleText, "specHash" | "genesisHash">,
): Hash32 {
  const { spec, bootnodes, snapshot } = network;
  const told = { format: FORMAT, version: versionOf(network), name: spec.name, specHash, genesisHash, bootnodes };
  return keccakHash(asciiToBytes(canonicalText(snapshot === undefined ? told : { ...told, snapshot })));
}

/** The text of a bundle's file. @throws OperationError GENESIS_INVALID */
export async function formatBundle(network: NetworkBundle): Promise<string> {
  const { spec, bootnodes, snapshot } = network;
  const hashes = { specHash: specHash(spec), genesisHash: await genesisHashOf(spec) };
  const bundle: BundleText = {
    ...{ format: FORMAT, version: versionOf(network), name: spec.name, ...hashes },
    chainSpec: JSON.parse(serializeChainSpec(spec)),
    bootnodes,
    ...(snapshot && { snapshot }),
    digest: digestOf(network, hashes),
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

const isHash = (value: unknown): value is Hash32 => isHex(value) && value.length === 66;

function parseSnapshotMark(value: unknown): SnapshotMark | null {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 3) return null;
  const { headNumber, headHash, digest } = value as Readonly<Record<string, unknown>>;
  const isWhole = Number.isSafeInteger(headNumber) && (headNumber as number) > 0 && isHash(headHash) && isHash(digest);
  return isWhole ? { headNumber: headNumber as number, headHash, digest } : null;
}

/** Without the genesis, which takes a while to be made: see `genesisHashOf`. */
export function parseBundle(value: unknown): Result<NetworkBundle & { readonly genesisHash: Hash32 }, BundleCode> {
  if (typeof value !== "object" || value === null) return invalid("not an object");
  const bundle = value as Readonly<Record<string, unknown>>;
  if (bundle["format"] !== FORMAT) return invalid(`format: expected "${FORMAT}"`);
  const { version } = bundle;
  if (version !== 1 && version !== 2)
    return fail("BUNDLE_VERSION", `version ${JSON.stringify(version)?.slice(0, 20)}: this program reads 1 and 2`);
  const unknown = Object.keys(bundle).find((field) => !FIELDS_OF[version].includes(field));
  if (unknown !== undefined) return invalid(`${unknown.slice(0, 40)}: there is no such field`);
  const { name, bootnodes, digest } = bundle;
  const hashes = { specHash: bundle["specHash"] as Hash32, genesisHash: bundle["genesisHash"] as Hash32 };
  const texts = { name, digest, ...hashes };
  const missing = Object.entries(texts).find(([, text]) => typeof text !== "string");
  if (missing !== undefined) return invalid(`${missing[0]}: expected a text`);
  const isList = Array.isArray(bootnodes) && bootnodes.length <= BOOTNODES_MAX;
  if (!isList || !bootnodes.every((node) => typeof node === "string" && parsePeerAddress(node).ok))
    return invalid(`bootnodes: expected at most ${BOOTNODES_MAX} of node-id@host:port`);
  const snapshot = version === 2 ? parseSnapshotMark(bundle["snapshot"]) : undefined;
  if (snapshot === null) return invalid("snapshot: expected headNumber, headHash and digest");
  try {
    const spec = checkChainSpec(parseChainSpecJson(JSON.stringify(bundle["chainSpec"] ?? null)));
    if (!spec.ok) return spec;
    if (spec.value.name !== name) return invalid("name: the chain spec has another");
    if (specHash(spec.value) !== hashes.specHash)
      return fail("BUNDLE_DAMAGED", "the chain spec does not have the hash that the bundle names");
    const found = { spec: spec.value, bootnodes, ...(snapshot && { snapshot }) };
    if (digestOf(found, hashes) !== digest)
      return fail("BUNDLE_DAMAGED", "the digest is of another content: the file was changed or cut");
    return ok({ ...found, genesisHash: hashes.genesisHash });
  } catch (error) {
    // What is nested without end, or has characters that no name of ours has.
    return invalid((error as Error).message);
  }
}
