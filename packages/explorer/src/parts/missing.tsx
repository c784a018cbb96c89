import type { ComponentChildren, JSX } from "preact";
import { cleanText } from "../format/formatHash.ts";
import { Panel } from "./panel.tsx";

/** Where an address of the page leads to nothing: says so, and where else to look. */
export function Missing(props: { readonly subject: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <Panel title="Not found" isWide>
      <p>
        <code>{cleanText(props.subject, 100)}</code>
      </p>
      <p role="status">{props.children}</p>
    </Panel>
  );
}
