import type { JSX } from "preact";
import { typeName } from "../abi/abiType.ts";
import { type NamedValue, valueText, type Worded } from "../abi/readWithAbi.ts";
import { cleanText } from "../format/formatHash.ts";
import { Account } from "./links.tsx";

const TEXT_MAX = 2_000;

function Value({ field, value }: NamedValue): JSX.Element {
  if (field.type.kind === "address" && typeof value === "string") return <Account address={value} />;
  return <code>{cleanText(valueText(value), TEXT_MAX)}</code>;
}

/** A call, log or error with its values by name. */
export function WordedValues({ worded }: { readonly worded: Worded }): JSX.Element {
  return (
    <div class="worded">
      <p>
        <strong>{cleanText(worded.name)}</strong> <code class="quiet">{cleanText(worded.signature)}</code>
      </p>
      {worded.values.length === 0 ? null : (
        <ul>
          {worded.values.map(({ field, value }, index) => (
            <li key={index}>
              {cleanText(field.name) || typeName(field.type)}: <Value field={field} value={value} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
