import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Artifact, readArtifact } from "../abi/artifact.ts";

/** Takes an ABI or artifact, as a file or pasted. */
export function ArtifactInput({ onArtifact }: { readonly onArtifact: (artifact: Artifact) => void }): JSX.Element {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");

  function take(taken: string): void {
    const artifact = readArtifact(taken);
    setProblem(artifact.ok ? "" : artifact.error.message);
    if (artifact.ok) onArtifact(artifact.value);
  }

  function takeFile(file: File | undefined): void {
    file?.text().then(
      (read) => {
        setText(read.slice(0, 100_000));
        take(read);
      },
      () => setProblem("the file cannot be read"),
    );
  }

  return (
    <div class="artifact">
      <label>
        ABI or artifact file (JSON of Hardhat, Foundry or solc){" "}
        <input
          type="file"
          accept=".json,application/json"
          onChange={({ currentTarget }) => takeFile(currentTarget.files?.[0])}
        />
      </label>
      <label>
        or its text
        <textarea value={text} spellcheck={false} onInput={({ currentTarget }) => setText(currentTarget.value)} />
      </label>
      <button type="button" onClick={() => take(text)}>
        Use it
      </button>
      {problem === "" ? null : <p role="alert">{problem}</p>}
    </div>
  );
}
