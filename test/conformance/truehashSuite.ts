import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTruehashBands, createTruehashKernel } from "@festina/adapters";
import { keccak256 } from "@festina/crypto";
import { bytesToHex, type Hash32, isHex } from "@festina/primitives";
import {
  decodeTruehashTable,
  deriveTruehashTable,
  expandTruehashTable,
  TRUEHASH_SEEDS,
  type TruehashTable,
} from "@festina/snailchain";
import { ethereumTestsFolder, vectorsFolder } from "./outsideVectors.ts";
import { judge, type Suite, type Tally, type Verdict } from "./suite.ts";

const VECTORS = "vectors.json";
const TABLE = "table-epoch0.u16le";
/** How the vectors' second data set comes about: which hash of which numbers. */
const RULE = /^(keccak256|sha3-256|sha256)\(uint(32|64) (big|little)-endian index\), index (\d+)\.\.(\d+)$/;

interface Case {
  readonly digest: string;
  readonly nonce: string;
  readonly sealHash: string;
}

interface Section {
  readonly sha3_256_8MiB: string;
  readonly cases: readonly Case[];
}

interface Vectors {
  readonly table?: Section;
  readonly derived?: Section & { readonly headerHashRule: string };
}

/** Digests of TrueHash, on a table that comes with them and on one derived from hashes, by both kernels. */
export const truehashSuite: Suite = async (folder, { every, only }, tally) => {
  const place = findVectors(folder);
  if (place === null || !VECTORS.includes(only)) return;
  const vectors = JSON.parse(readFileSync(join(place, VECTORS), "utf8")) as Vectors;
  const { table, derived } = vectors;
  if (table !== undefined) {
    const decoded = decodeTruehashTable(readFileSync(join(place, TABLE)));
    if (decoded === null) tally.count(TABLE, { kind: "failed", reason: "is no table" });
    else await judgeSection("table", table, decoded, every, tally);
  }
  if (derived === undefined) return;
  const seeds = numberedHashes(derived.headerHashRule);
  if (seeds === null) tally.count("derived", { kind: "failed", reason: `unknown rule: ${derived.headerHashRule}` });
  else await judgeSection("derived", derived, deriveTruehashTable(seeds), every, tally);
};

/** The folder itself or one in it; for the Ethereum tests that all suites run by default, the one beside these. */
function findVectors(folder: string): string | null {
  const home = folder === ethereumTestsFolder() ? vectorsFolder() : null;
  const places = [folder, join(folder, "truehash"), ...(home === null ? [] : [join(home, "truehash")])];
  return places.find((place) => existsSync(join(place, VECTORS))) ?? null;
}

async function judgeSection(name: string, section: Section, table: TruehashTable, every: number, tally: Tally) {
  const digest = (): Verdict =>
    compare(createHash("sha3-256").update(expandTruehashTable(table)).digest(), section.sha3_256_8MiB);
  if (tally.isNext(every)) tally.count(`${name}: data set`, await judge(digest));
  if (section.cases.length === 0) return;
  const bands = createTruehashBands(table);
  for (const simd of [true, false]) {
    const kernel = createTruehashKernel(bands, simd);
    for (const [index, { sealHash, nonce, digest: wanted }] of section.cases.entries()) {
      if (!tally.isNext(every)) continue;
      const verdict = await judge(() =>
        isHex(sealHash) && sealHash.length === 66
          ? compare(kernel.compute(sealHash.toLowerCase() as Hash32, BigInt(nonce)), wanted)
          : { kind: "failed", reason: "the seal is no hash" },
      );
      tally.count(`${name} ${index}, ${simd ? "SIMD" : "scalar"} kernel`, verdict);
    }
  }
}

function compare(got: Uint8Array, wanted: string): Verdict {
  const text = bytesToHex(got);
  return text === wanted.toLowerCase() ? { kind: "passed" } : { kind: "failed", reason: `${text}, not ${wanted}` };
}

/** `null` for a rule that is not known here, or that does not make 10,240 hashes. */
function numberedHashes(rule: string): Uint8Array | null {
  const [, algorithm = "", bits, order, from, to] = RULE.exec(rule) ?? [];
  const first = Number(from);
  if (Number(to) - first + 1 !== TRUEHASH_SEEDS) return null;
  const hash = (bytes: Uint8Array): Uint8Array =>
    algorithm === "keccak256" ? keccak256(bytes) : createHash(algorithm).update(bytes).digest();
  const seeds = new Uint8Array(TRUEHASH_SEEDS * 32);
  const index = new DataView(new ArrayBuffer(Number(bits) / 8));
  for (let i = 0; i < TRUEHASH_SEEDS; i++) {
    if (bits === "32") index.setUint32(0, first + i, order === "little");
    else index.setBigUint64(0, BigInt(first + i), order === "little");
    seeds.set(hash(new Uint8Array(index.buffer)), i * 32);
  }
  return seeds;
}
