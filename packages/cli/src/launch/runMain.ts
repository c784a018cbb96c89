import { loadProgram } from "./loadProgram.ts";

/** The command as a process of its own, without the check that everything is built: for the processes of a devnet. */
void loadProgram()
  .main(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code;
  });
