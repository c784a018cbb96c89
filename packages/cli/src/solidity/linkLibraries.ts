// Creation code that calls libraries has gaps where their addresses belong.
import type { Address } from "@festina/primitives";
import { typedAddress } from "../input/typedAddress.ts";
import { CliError } from "../output/cliError.ts";
import { EXIT } from "../output/exitCodes.ts";

const ADDRESS_BYTES = 20;

interface Place {
  readonly start: number;
  readonly length: number;
}

/** As compilers tell it: source file, library, and where its address goes, in bytes of the code. */
export type LinkReferences = Readonly<Record<string, Readonly<Record<string, readonly Place[]>>>>;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isPlace = (value: unknown): value is Place =>
  isObject(value) && Number.isSafeInteger((value as Place).start) && (value as Place).length === ADDRESS_BYTES;

/** Of an artifact, which can hold anything: what does not look like references is left out. */
export function readReferences(value: unknown): LinkReferences {
  const entries = (of: unknown): [string, unknown][] => (isObject(of) ? Object.entries(of) : []);
  return Object.fromEntries(
    entries(value).map(([source, wanted]) => [
      source,
      Object.fromEntries(
        entries(wanted).map(([name, places]) => [name, Array.isArray(places) ? places.filter(isPlace) : []]),
      ),
    ]),
  );
}

/** Of "Name=0x..." each. @throws CliError LIBRARY_INVALID, ADDRESS_INVALID */
export function parseLibraries(texts: readonly string[]): ReadonlyMap<string, Address> {
  return new Map(
    texts.map((text) => {
      const [, name = "", address = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      if (name === "")
        throw new CliError("LIBRARY_INVALID", `"${text}" is no library; write Name=0x and 40 hex digits`, EXIT.usage);
      return [name, typedAddress(address)] as const;
    }),
  );
}

/**
 * The code with the libraries' addresses in it, found by name or by `file:name`.
 * @throws CliError LIBRARY_MISSING, which says how to deploy what is missing; LIBRARY_UNUSED
 */
export function linkLibraries(
  creation: { readonly code: string; readonly references: LinkReferences },
  libraries: ReadonlyMap<string, Address>,
  file: string,
): string {
  let { code } = creation;
  const used = new Set<string>();
  for (const [source, wanted] of Object.entries(creation.references)) {
    for (const [name, places] of Object.entries(wanted)) {
      const key = libraries.has(`${source}:${name}`) ? `${source}:${name}` : name;
      const address = libraries.get(key);
      if (address === undefined)
        throw new CliError(
          "LIBRARY_MISSING",
          `${file} calls the library ${name}; deploy it first (--contract ${name} where it is in a Solidity file), ` +
            `then give its address: --library ${name}=0x...`,
          EXIT.usage,
        );
      used.add(key);
      for (const { start, length } of places)
        code = code.slice(0, 2 + 2 * start) + address.slice(2) + code.slice(2 + 2 * (start + length));
    }
  }
  const unused = [...libraries.keys()].find((name) => !used.has(name));
  if (unused !== undefined)
    throw new CliError("LIBRARY_UNUSED", `${file} calls no library ${unused} that is to be linked`, EXIT.usage);
  return code;
}
