import type { JSX } from "preact";
import type { ViewProps } from "../page/app.tsx";
import { useReading } from "../page/context.ts";
import { Panel, Read } from "../parts/panel.tsx";
import { routeTo } from "../route/route.ts";
import { findRoute } from "../route/search.ts";

/** Leads on to what the text means; stays, and says so, when the node knows nothing of it. */
export function SearchView({ subject }: ViewProps): JSX.Element {
  const reading = useReading(subject, 0, async (call) => {
    const route = await findRoute(subject, call);
    if (route !== null) location.replace(routeTo(route.view, route.subject));
    return route;
  });
  return (
    <>
      <h1>Search</h1>
      <Panel title="Found" isWide>
        <Read reading={reading}>
          {(route) =>
            route === null ? (
              <p role="status">
                This node knows no block, snail block, transaction, fruit or account named “{subject}”. Numbers, hashes
                of 64 hex digits, addresses of 40, “snail 7” and “epoch 2” can be looked for.
              </p>
            ) : (
              <a href={routeTo(route.view, route.subject)}>Go on</a>
            )
          }
        </Read>
      </Panel>
    </>
  );
}
