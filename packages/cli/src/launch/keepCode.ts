import { writeFileSync } from "node:fs";
import { CODE_FILE, loadProgram } from "./loadProgram.ts";

/** Part of the build: loads what a node loads, and keeps what V8 made of it. That there is no such file is complained of. */
const program = loadProgram();
void program
  .main(["start", "--config", `${CODE_FILE}.missing`])
  .then(() => writeFileSync(CODE_FILE, program.compiledCode()));
