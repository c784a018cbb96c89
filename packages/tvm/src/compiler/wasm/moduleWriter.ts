// A module: imports, functions, one table that holds some of them, one export.
import { asciiToBytes } from "@festina/primitives";
import { ByteWriter } from "./byteWriter.ts";
import { OPERATION, TYPE, type ValueType } from "./operation.ts";

export interface FunctionType {
  readonly takes: readonly ValueType[];
  readonly gives: readonly ValueType[];
}

/** Functions of one type, as `FunctionBody.writeTo` writes them, one after the other. */
export interface FunctionGroup {
  readonly type: number;
  readonly count: number;
  readonly bodies: Uint8Array;
}

export interface ModuleParts {
  readonly types: readonly FunctionType[];
  /** Functions of the kernel, by name and index of their type. They are numbered from 0 on. */
  readonly imports: readonly { readonly name: string; readonly type: number }[];
  /** Numbered behind the imports. */
  readonly functions: readonly FunctionGroup[];
  /** Functions that can be called by their place in the table. */
  readonly table: readonly number[];
  readonly exported: { readonly name: string; readonly callee: number };
}

/** Of what the kernel exports. */
const IMPORT_MODULE = "kernel";
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const SECTION = { types: 1, imports: 2, functions: 3, table: 4, exports: 7, elements: 9, code: 10 } as const;
/** Of types and imports, about. */
const OTHER_SECTIONS_BYTES = 1_024;
/** Its type and its place in the table. */
const BYTES_PER_FUNCTION = 4;
const KIND = { function: 0, memory: 2 } as const;

export function writeModule(parts: ModuleParts): Uint8Array {
  const count = parts.functions.reduce((sum, group) => sum + group.count, 0);
  const bodiesBytes = parts.functions.reduce((sum, { bodies }) => sum + bodies.length, 0);
  const module = new ByteWriter(bodiesBytes + OTHER_SECTIONS_BYTES + BYTES_PER_FUNCTION * count);
  const room = new ByteWriter(OTHER_SECTIONS_BYTES);
  const section = (id: number, write: (to: ByteWriter) => void): void => {
    room.clear();
    write(room);
    module.byte(id);
    module.unsigned(room.length);
    module.write(room.bytes);
  };
  module.write(HEADER);
  section(SECTION.types, (to) => {
    to.unsigned(parts.types.length);
    for (const { takes, gives } of parts.types) {
      to.byte(TYPE.function);
      to.unsigned(takes.length);
      to.write(takes);
      to.unsigned(gives.length);
      to.write(gives);
    }
  });
  section(SECTION.imports, (to) => {
    to.unsigned(parts.imports.length + 1);
    for (const { name, type } of parts.imports) {
      text(to, IMPORT_MODULE);
      text(to, name);
      to.byte(KIND.function);
      to.unsigned(type);
    }
    text(to, IMPORT_MODULE);
    text(to, "memory");
    to.write([KIND.memory, 0, 0]);
  });
  section(SECTION.functions, (to) => {
    to.unsigned(count);
    for (const group of parts.functions) for (let index = 0; index < group.count; index++) to.unsigned(group.type);
  });
  section(SECTION.table, (to) => {
    to.write([1, TYPE.functionReference, 0]);
    to.unsigned(parts.table.length);
  });
  section(SECTION.exports, (to) => {
    to.unsigned(1);
    text(to, parts.exported.name);
    to.byte(KIND.function);
    to.unsigned(parts.exported.callee);
  });
  section(SECTION.elements, (to) => {
    to.write([1, 0, OPERATION.i32Const, 0, OPERATION.end]);
    to.unsigned(parts.table.length);
    for (const callee of parts.table) to.unsigned(callee);
  });
  module.byte(SECTION.code);
  room.clear();
  room.unsigned(count);
  module.unsigned(room.length + bodiesBytes);
  module.write(room.bytes);
  for (const { bodies } of parts.functions) module.write(bodies);
  return module.bytes;
}

function text(to: ByteWriter, value: string): void {
  to.unsigned(value.length);
  to.write(asciiToBytes(value));
}
