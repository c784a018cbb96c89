// Network namespaces of the campaign's own: their names hold this process's id, and nothing else is ever removed.
import { execFileSync, spawnSync } from "node:child_process";

/** Runs a command. @throws Error with what it said */
export function command(name, ...args) {
  try {
    return execFileSync(name, args.map(String), { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Error(`${name} ${args.join(" ")}: ${String(error.stderr || error.message).trim()}`);
  }
}

export class Namespaces {
  /** @type {string[]} */
  names = [];

  /** @throws Error where they are not permitted; none is left then */
  constructor(count) {
    try {
      for (let index = 0; index < count; index++) {
        const name = `festina-wan-${process.pid}-${index + 1}`;
        command("ip", "netns", "add", name);
        this.names.push(name);
        command("ip", "-n", name, "link", "set", "lo", "up");
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The words before a command that is to run in the namespace of node `index`. */
  within(index) {
    return ["ip", "netns", "exec", this.names[index]];
  }

  /** What still runs in them ends; may be called again. */
  close() {
    for (const name of this.names.splice(0)) spawnSync("ip", ["netns", "delete", name], { stdio: "ignore" });
  }
}

export const hostOf = (index) => `10.77.0.${index + 1}`;
