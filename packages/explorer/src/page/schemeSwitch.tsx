import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { keepText, readText } from "./keptText.ts";

const SCHEMES = ["system", "light", "dark"] as const;
type Scheme = (typeof SCHEMES)[number];
const KEY = "festina.scheme";

function keptScheme(): Scheme {
  const kept = readText(KEY);
  return SCHEMES.find((scheme) => scheme === kept) ?? "system";
}

export function SchemeSwitch(): JSX.Element {
  const [scheme, setScheme] = useState(keptScheme);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (scheme === "system") delete dataset["scheme"];
    else dataset["scheme"] = scheme;
    keepText(KEY, scheme);
    dispatchEvent(new Event("schemechange"));
  }, [scheme]);
  return (
    <label class="scheme">
      <span class="visuallyHidden">Colours</span>
      <select value={scheme} onChange={(event) => setScheme(event.currentTarget.value as Scheme)}>
        <option value="system">As the system</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
}
