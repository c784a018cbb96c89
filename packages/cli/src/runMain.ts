import { main } from "./main.ts";

/** The command as a process of its own, without the check that everything is built: for the processes of a devnet. */
process.exitCode = await main(process.argv.slice(2));
