// A button that takes a text along.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

const SHOWN_MS = 1_500;

/** Pages over plain HTTP from another machine have no clipboard; there a field is selected and copied the old way. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visuallyHidden";
    const focused = document.activeElement;
    document.body.append(field);
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return isCopied;
  }
}

/** `name` says what is copied to who cannot see where the button stands. */
export function Copy({ text, name }: { readonly text: string; readonly name: string }): JSX.Element {
  const [told, setTold] = useState("");
  useEffect(() => {
    if (told === "") return;
    const timer = setTimeout(() => setTold(""), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [told]);
  return (
    <>
      {" "}
      <button
        type="button"
        class="copy"
        aria-label={`Copy ${name}`}
        title={`Copy ${name}`}
        onClick={() => void copy(text).then((isCopied) => setTold(isCopied ? "copied" : "not copied"))}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" fill="none" stroke="currentColor" stroke-width="1.5" />
        </svg>
      </button>
      <span role="status" class="told">
        {told}
      </span>
    </>
  );
}

/** A hash, key or address as text, to be copied. */
export function Whole({ text, name }: { readonly text: string; readonly name: string }): JSX.Element {
  return (
    <>
      <code>{text}</code>
      <Copy text={text} name={name} />
    </>
  );
}
