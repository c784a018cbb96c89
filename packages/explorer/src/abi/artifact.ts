// Artifacts as compilers and their frameworks leave them: an ABI, with creation code where a contract can be deployed.
import { fail, ok, type Result } from "@festina/primitives";
import { type ContractAbi, parseContractAbi } from "./contractAbi.ts";

export interface Artifact {
  readonly name: string;
  readonly abi: ContractAbi;
  /** The entries as they were given, to be kept. */
  readonly entries: unknown;
  /** Creation code without constructor arguments; `null` where there is none, or it has libraries to be linked. */
  readonly bytecode: string | null;
}

interface RawArtifact {
  readonly contractName?: unknown;
  readonly abi?: unknown;
  readonly bytecode?: unknown;
  readonly evm?: { readonly bytecode?: { readonly object?: unknown } };
}

const TEXT_MAX = 8 * 1024 * 1024;

/** Hardhat keeps text, Foundry an object with text, solc one deeper. */
function bytecodeOf({ bytecode, evm }: RawArtifact): string | null {
  const inner = (bytecode as { readonly object?: unknown } | null | undefined)?.object;
  const found = [bytecode, inner, evm?.bytecode?.object].find((each) => typeof each === "string");
  if (typeof found !== "string") return null;
  const text = found.startsWith("0x") ? found : `0x${found}`;
  return /^0x([0-9a-fA-F]{2})+$/.test(text) ? text : null;
}

/** From the text of an ABI or artifact file. */
export function readArtifact(text: string): Result<Artifact, "ARTIFACT_UNREADABLE" | "ABI_UNREADABLE"> {
  if (text.length > TEXT_MAX) return fail("ARTIFACT_UNREADABLE", "larger than 8 MiB");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail("ARTIFACT_UNREADABLE", "this is not JSON");
  }
  return readParsed(value);
}

function readParsed(value: unknown): Result<Artifact, "ABI_UNREADABLE"> {
  const abi = parseContractAbi(value);
  if (!abi.ok) return abi;
  const raw = (Array.isArray(value) ? {} : value) as RawArtifact;
  return ok({
    name: typeof raw.contractName === "string" ? raw.contractName.slice(0, 100) : "",
    abi: abi.value,
    entries: Array.isArray(value) ? value : raw.abi,
    bytecode: bytecodeOf(raw),
  });
}

const COMPILED_MAX = 200;

/** What a compiler answered with; what is no artifact is left out. */
export function readCompiled(answer: unknown): readonly Artifact[] {
  return (Array.isArray(answer) ? answer : []).slice(0, COMPILED_MAX).flatMap((each: unknown) => {
    const artifact = readParsed(each);
    return artifact.ok && artifact.value.bytecode !== null ? [artifact.value] : [];
  });
}
