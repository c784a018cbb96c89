// A module: imports, functions, one table that holds some of them, one export.
import { asciiToBytes } from "@festina/primitives";
import { ByteWriter } from "./byteWriter.ts";
import type { FunctionBody } from "./functionBody.ts";
import { OPERATION, TYPE, type ValueType } from "./operation.ts";

export interface FunctionType {
  readonly takes: readonly ValueType[];
  readonly gives: readonly ValueType[];
}

export interface ModuleParts {
  readonly types: readonly FunctionType[];
  /** Functions of the kernel, by name and index of their type. They are numbered from 0 on. */
  readonly imports: readonly { readonly name: string; readonly type: number }[];
  /** Numbered behind the imports. */
  readonly functions: readonly { readonly body: FunctionBody; readonly type: number }[];
  /** Functions that can be called by their place in the table. */
  readonly table: readonly number[];
  readonly exported: { readonly name: string; readonly callee: number };
}

/** Of what the kernel exports. */
const IMPORT_MODULE = "kernel";
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const SECTION = { types: 1, imports: 2, functions: 3, table: 4, exports: 7, elements: 9, code: 10 } as const;
const KIND = { function: 0, memory: 2 } as const;

export function writeModule(parts: ModuleParts): Uint8Array {
  const module = new ByteWriter(65_536);
  module.write(HEADER);
  section(module, SECTION.types, (to) => {
    to.unsigned(parts.types.length);
    for (const { takes, gives } of parts.types) {
      to.byte(TYPE.function);
      to.unsigned(takes.length);
      to.write(takes);
      to.unsigned(gives.length);
      to.write(gives);
    }
  });
  section(module, SECTION.imports, (to) => {
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
  section(module, SECTION.functions, (to) => {
    to.unsigned(parts.functions.length);
    for (const { type } of parts.functions) to.unsigned(type);
  });
  section(module, SECTION.table, (to) => {
    to.write([1, TYPE.functionReference, 0]);
    to.unsigned(parts.table.length);
  });
  section(module, SECTION.exports, (to) => {
    to.unsigned(1);
    text(to, parts.exported.name);
    to.byte(KIND.function);
    to.unsigned(parts.exported.callee);
  });
  section(module, SECTION.elements, (to) => {
    to.write([1, 0, OPERATION.i32Const, 0, OPERATION.end]);
    to.unsigned(parts.table.length);
    for (const callee of parts.table) to.unsigned(callee);
  });
  section(module, SECTION.code, (to) => {
    to.unsigned(parts.functions.length);
    for (const { body } of parts.functions) body.writeTo(to);
  });
  return module.bytes.slice();
}

function section(module: ByteWriter, id: number, write: (to: ByteWriter) => void): void {
  const contents = new ByteWriter();
  write(contents);
  module.byte(id);
  module.unsigned(contents.length);
  module.write(contents.bytes);
}

function text(to: ByteWriter, value: string): void {
  const bytes = asciiToBytes(value);
  to.unsigned(bytes.length);
  to.write(bytes);
}
