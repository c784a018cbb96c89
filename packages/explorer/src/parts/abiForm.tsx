// Fields for what a function wants.

import { bytesToHex } from "@festina/primitives";
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { type AbiField, typeName } from "../abi/abiType.ts";
import { encodeAbi, readTyped } from "../abi/encodeAbi.ts";
import { failureText } from "../data/rpcCaller.ts";
import { parseUnits } from "../format/formatAmount.ts";
import { cleanText } from "../format/formatHash.ts";

export interface FilledCall {
  /** Encoded arguments, without 0x. */
  readonly data: string;
  readonly valueWei: bigint;
}

export function AbiForm(props: {
  readonly fields: readonly AbiField[];
  readonly isPayable: boolean;
  readonly action: string;
  /** The promise is awaited; what it throws is shown. */
  readonly onSubmit: (filled: FilledCall) => Promise<void>;
}): JSX.Element {
  const { fields, isPayable, action } = props;
  const id = useId();
  const [texts, setTexts] = useState<readonly string[]>(fields.map(() => ""));
  const [value, setValue] = useState("0");
  const [problem, setProblem] = useState("");
  const [isBusy, setIsBusy] = useState(false);

  function fill(): FilledCall | string {
    const encoded = encodeAbi(
      fields,
      fields.map(({ type }, index) => readTyped(type, texts[index] ?? "")),
    );
    if (!encoded.ok) return encoded.error.message;
    const valueWei = parseUnits(value, 18);
    return valueWei === null ? "value: expected coins as 1.5" : { data: bytesToHex(encoded.value).slice(2), valueWei };
  }

  function submit(event: Event): void {
    event.preventDefault();
    const filled = fill();
    if (typeof filled === "string") return setProblem(filled);
    setProblem("");
    setIsBusy(true);
    props
      .onSubmit(filled)
      .catch((error: unknown) => setProblem(failureText(error)))
      .finally(() => setIsBusy(false));
  }

  return (
    <form class="abiForm" onSubmit={submit}>
      {fields.map(({ name, type }, index) => {
        const label = `${cleanText(name) || `value ${index + 1}`}: ${typeName(type)}`;
        return (
          <label key={label} for={`${id}-${index}`}>
            {label}
            <input
              id={`${id}-${index}`}
              value={texts[index] ?? ""}
              autocomplete="off"
              spellcheck={false}
              onInput={({ currentTarget }) => setTexts(texts.with(index, currentTarget.value))}
            />
          </label>
        );
      })}
      {isPayable ? (
        <label for={`${id}-value`}>
          coins to send along
          <input
            id={`${id}-value`}
            value={value}
            inputMode="decimal"
            onInput={({ currentTarget }) => setValue(currentTarget.value)}
          />
        </label>
      ) : null}
      <button type="submit" disabled={isBusy}>
        {action}
      </button>
      {problem === "" ? null : <p role="alert">{cleanText(problem, 1_000)}</p>}
    </form>
  );
}
