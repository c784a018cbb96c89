import { bytesToHex, hexToBytes } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { AbiCoder, Interface } from "ethers";
import fc from "fast-check";
import { keepAbi, keptAbi, keptContracts, type TextStore } from "../../src/abi/abiStore.ts";
import { type AbiField, parseAbiType, parseFields, typeName } from "../../src/abi/abiType.ts";
import { readArtifact, readCompiled } from "../../src/abi/artifact.ts";
import { parseContractAbi } from "../../src/abi/contractAbi.ts";
import { decodeAbi } from "../../src/abi/decodeAbi.ts";
import { encodeAbi, readTyped } from "../../src/abi/encodeAbi.ts";
import { OTHER_ABI, REGISTRY_ABI, TOKEN_ABI } from "../../src/abi/knownAbis.ts";
import { readLog, readSelected, valueText } from "../../src/abi/readWithAbi.ts";

const fieldsOf = (...types: string[]): readonly AbiField[] => parseFields(types.map((type) => ({ type }))) ?? [];
const coder = AbiCoder.defaultAbiCoder();
const ALICE = `0x${"a1".repeat(20)}`;
const BOB = `0x${"b0".repeat(20)}`;

/** Values as ethers gives them, in the form of ours. */
function plain(value: unknown): unknown {
  return Array.isArray(value) ? value.map(plain) : typeof value === "string" ? value.toLowerCase() : value;
}

const CASES: readonly (readonly [types: readonly string[], values: readonly unknown[]])[] = [
  [
    ["uint256", "bool", "address"],
    ["7", "true", ALICE],
  ],
  [
    ["int8", "int256"],
    ["-128", "-1"],
  ],
  [
    ["string", "bytes", "bytes4"],
    ["grüße", "0x010203", "0xdeadbeef"],
  ],
  [
    ["uint8[]", "string[2]"],
    [
      ["1", "2", "3"],
      ["a", "b".repeat(40)],
    ],
  ],
  [["uint256[][2]"], [[["1"], ["2", "3"]]]],
  [["string"], [""]],
  [["bytes[]"], [[]]],
];

describe("the contract ABI", () => {
  it.each(CASES)("encodes and decodes %p as ethers does", (types, values) => {
    const fields = fieldsOf(...types);
    const encoded = encodeAbi(fields, values);
    const theirs = coder.encode(
      types,
      values.map((value) => (value === "true" ? true : value)),
    );
    expect(encoded.ok && bytesToHex(encoded.value)).toBe(theirs);
    const decoded = decodeAbi(fields, hexToBytes(theirs));
    expect(decoded.ok && decoded.value.map(plain)).toEqual(plain(coder.decode(types, theirs).toArray(true)));
  });

  it("knows tuples, also in lists", () => {
    const components = [
      { name: "to", type: "address" },
      { name: "note", type: "string" },
    ];
    const fields = parseFields([{ name: "items", type: "tuple[]", components }]) ?? [];
    expect(typeName(fields[0]?.type ?? { kind: "bool" })).toBe("(address,string)[]");
    const theirs = coder.encode(
      ["tuple(address to,string note)[]"],
      [
        [
          [ALICE, "x"],
          [BOB, "y"],
        ],
      ],
    );
    const typed = readTyped(fields[0]?.type ?? { kind: "bool" }, `[["${ALICE}","x"],["${BOB}","y"]]`);
    const encoded = encodeAbi(fields, [typed]);
    expect(encoded.ok && bytesToHex(encoded.value)).toBe(theirs);
    const decoded = decodeAbi(fields, hexToBytes(theirs));
    expect(decoded.ok && decoded.value).toEqual([
      [
        [ALICE, "x"],
        [BOB, "y"],
      ],
    ]);
  });

  it.each([
    ["uint8", "256"],
    ["int8", "-129"],
    ["uint256", "1.5"],
    ["uint256", ""],
    ["bool", "yes"],
    ["address", "0x12"],
    ["bytes", "0x123"],
    ["bytes4", "0x010203"],
    ["uint8[]", "no list"],
    ["uint8[2]", ["1"]],
  ])("refuses for %p the value %p, by name", (type, value) => {
    const encoded = encodeAbi(parseFields([{ name: "amount", type }]) ?? [], [value]);
    expect(encoded.ok ? "" : encoded.error.message).toMatch(/^amount: /);
  });

  it("reads lists that people type without losing digits", () => {
    const type = parseAbiType("uint256[]", undefined);
    expect(readTyped(type ?? { kind: "bool" }, '[123456789012345678901234567890, "7", -1]')).toEqual([
      ...["123456789012345678901234567890", "7", "-1"],
    ]);
    expect(readTyped(type ?? { kind: "bool" }, "[1,")).toBeUndefined();
    expect(readTyped({ kind: "string" }, "[1,")).toBe("[1,");
  });

  it("knows no other types", () => {
    for (const name of [
      "uint7",
      "uint264",
      "bytes33",
      "bytes0",
      "float",
      "",
      "uint8[99999]",
      `uint8${"[]".repeat(20)}`,
    ])
      expect([name, parseAbiType(name, undefined)]).toEqual([name, null]);
    expect(parseAbiType("tuple", "no list")).toBeNull();
  });

  it("takes any bytes without failing or growing", () => {
    const fields = fieldsOf("uint8[]", "string", "bytes[][]", "(uint8)").concat(fieldsOf("uint256[3]", "bytes[]"));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(typeof decodeAbi(fields, bytes).ok).toBe("boolean");
      }),
      { seed: 7, numRuns: 300 },
    );
    // Two hundred lists that are all the same two hundred elements.
    const word = (value: number): string => value.toString(16).padStart(64, "0");
    const shared = word(200 * 32);
    const words = [
      word(32),
      word(200),
      ...new Array<string>(200).fill(shared),
      word(200),
      ...new Array<string>(200).fill(word(0)),
    ];
    const decoded = decodeAbi(fieldsOf("uint8[][]"), hexToBytes(`0x${words.join("")}`));
    expect(decoded.ok ? "" : decoded.error.message).toBe("more than 10000 elements");
  });
});

describe("what a contract offers", () => {
  it("has the selectors and topics that everybody has", () => {
    const selectors = Object.fromEntries(TOKEN_ABI.functions.map(({ name, selector }) => [name, selector]));
    expect(selectors).toMatchObject({ transfer: "0xa9059cbb", balanceOf: "0x70a08231", totalSupply: "0x18160ddd" });
    expect(TOKEN_ABI.events[0]?.topic).toBe("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
    expect(OTHER_ABI.errors.map(({ selector }) => selector)).toContain("0x08c379a0");
    expect(REGISTRY_ABI.functions.map(({ signature }) => signature)).toContain("register(bytes,bytes,bytes,address)");
    expect(REGISTRY_ABI.events.map(({ signature }) => signature)).toContain("EpochBegan(uint64,address[])");
  });

  it("reads calls, errors and logs", () => {
    const token = new Interface([
      "function transfer(address to,uint256 amount)",
      "event Transfer(address indexed from,address indexed to,uint256 amount)",
    ]);
    const call = readSelected([TOKEN_ABI], "functions", token.encodeFunctionData("transfer", [BOB, 5n]));
    expect([call?.name, call?.values.map(({ value }) => value)]).toEqual(["transfer", [BOB, 5n]]);
    const { topics, data } = token.encodeEventLog("Transfer", [ALICE, BOB, 9n]);
    expect(readLog([TOKEN_ABI], topics, data)?.values.map(({ value }) => value)).toEqual([ALICE, BOB, 9n]);
    expect(readLog([TOKEN_ABI], topics.slice(0, 2), data)).toBeNull();
    expect(readLog([TOKEN_ABI], topics, "0x")).toBeNull();
    for (const input of ["", "0x", "0x12345678", "nonsense", "0xa9059cbb00"])
      expect(readSelected([TOKEN_ABI], "functions", input)).toBeNull();
    expect(valueText([1n, [true, "x"]])).toBe("[1, [true, x]]");
  });

  it("is taken from artifacts of all kinds, and from nothing else", () => {
    const abi = [
      { type: "constructor", inputs: [{ name: "supply", type: "uint256" }], stateMutability: "payable" },
      { type: "function", name: "f", inputs: [], outputs: [{ type: "uint256" }], stateMutability: "view" },
      { type: "function", name: "odd", inputs: [{ type: "fixed128x18" }] },
      { type: "receive" },
      null,
    ];
    for (const artifact of [
      { contractName: "C", abi, bytecode: "0x6001" },
      { abi, bytecode: { object: "0x6001" } },
      { abi, evm: { bytecode: { object: "6001" } } },
    ]) {
      const read = readArtifact(JSON.stringify(artifact));
      expect(
        read.ok && [read.value.bytecode, read.value.abi.functions.length, read.value.abi.isConstructorPayable],
      ).toEqual([...["0x6001", 1, true]]);
    }
    const unlinked = readArtifact(JSON.stringify({ abi, bytecode: "0x60__$library$__" }));
    expect(unlinked.ok && unlinked.value.bytecode).toBeNull();
    const list = readArtifact(JSON.stringify(abi));
    expect(list.ok && list.value.bytecode).toBeNull();
    const names = readCompiled([
      { contractName: "A", abi, bytecode: "0x6001" },
      { contractName: "I", abi, bytecode: "0x" },
      7,
      null,
    ]);
    expect([names.map(({ name }) => name), readCompiled("no list")]).toEqual([["A"], []]);
    for (const text of [
      "",
      "contract C {}",
      "{}",
      "null",
      '"x"',
      "7",
      '{"abi":7}',
      JSON.stringify(new Array(1_001).fill(null)),
    ])
      expect([text.slice(0, 20), readArtifact(text).ok]).toEqual([text.slice(0, 20), false]);
    expect(parseContractAbi(undefined).ok).toBe(false);
  });
});

describe("ABIs that are kept", () => {
  function createStore(text: string | null = null): TextStore & { text: string | null } {
    const store = {
      text,
      read: () => store.text,
      write: (_key: string, written: string) => {
        store.text = written;
        return true;
      },
    };
    return store;
  }
  const entries = [{ type: "function", name: "f", inputs: [] }];

  it("come back by address, and no more than fifty", () => {
    const store = createStore();
    const addresses = Array.from({ length: 60 }, (_, index) => `0x${index.toString(16).padStart(40, "0")}`);
    for (const address of addresses) keepAbi(store, address, entries);
    expect(keptContracts(store)).toHaveLength(50);
    expect(keptAbi(store, addresses[59] as string)?.functions[0]?.name).toBe("f");
    expect(keptAbi(store, addresses[0] as string)).toBeNull();
    expect(keptAbi(store, "constructor")).toBeNull();
  });

  it("survive what somebody else left there", () => {
    for (const text of ["", "{", "[]", "null", "7", '{"0x1":7}']) {
      const store = createStore(text);
      expect([text, keptAbi(store, "0x1"), keptContracts(store)]).toEqual([text, null, []]);
      expect(keepAbi(store, ALICE, entries)).toBe(true);
      expect(keptContracts(store)).toEqual([ALICE]);
    }
  });
});
