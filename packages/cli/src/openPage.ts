import { fileURLToPath } from "node:url";
import { createPage, type Page } from "@festina/rpc";

/** The web page that the build left in its package, beside this one. */
export function openPage(): Page {
  return createPage(fileURLToPath(new URL("../../explorer/bundle/", import.meta.url)));
}
