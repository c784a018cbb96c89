import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Artifact, readArtifact, readCompiled } from "../abi/artifact.ts";
import { failureText } from "../data/rpcCaller.ts";
import { cleanText } from "../format/formatHash.ts";
import { usePage } from "../page/context.ts";

const TEXT_SHOWN = 100_000;
const PROBLEM_SHOWN = 4_000;

/** Takes an ABI, an artifact or, where the node has a compiler, Solidity: as a file or pasted. */
export function ArtifactInput({ onArtifact }: { readonly onArtifact: (artifact: Artifact) => void }): JSX.Element {
  const { call } = usePage();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const [compiled, setCompiled] = useState<readonly Artifact[]>([]);
  const [isBusy, setIsBusy] = useState(false);

  async function compile(source: string): Promise<void> {
    const artifacts = readCompiled(await call<unknown>("festina_compile", [source]));
    const [last] = artifacts.slice(-1);
    setCompiled(artifacts);
    if (last === undefined) setProblem("the source has no contract that can be deployed");
    else onArtifact(last);
  }

  function take(taken: string): void {
    setProblem("");
    setCompiled([]);
    if (/^\s*[[{]/.test(taken)) {
      const artifact = readArtifact(taken);
      if (artifact.ok) onArtifact(artifact.value);
      else setProblem(artifact.error.message);
      return;
    }
    setIsBusy(true);
    compile(taken)
      .catch((error: unknown) => setProblem(failureText(error)))
      .finally(() => setIsBusy(false));
  }

  function takeFile(file: File | undefined): void {
    file?.text().then(
      (read) => {
        setText(read.slice(0, TEXT_SHOWN));
        take(read);
      },
      () => setProblem("the file cannot be read"),
    );
  }

  return (
    <div class="artifact">
      <label>
        ABI or artifact file (JSON of Hardhat, Foundry or solc), or Solidity on a development chain{" "}
        <input
          type="file"
          accept=".json,application/json,.sol"
          onChange={({ currentTarget }) => takeFile(currentTarget.files?.[0])}
        />
      </label>
      <label>
        or its text
        <textarea value={text} spellcheck={false} onInput={({ currentTarget }) => setText(currentTarget.value)} />
      </label>
      <button type="button" disabled={isBusy} onClick={() => take(text)}>
        {isBusy ? "Compiling …" : "Use it"}
      </button>
      {compiled.length < 2 ? null : (
        <label>
          Contract{" "}
          <select
            onChange={({ currentTarget }) => {
              const chosen = compiled[Number(currentTarget.value)];
              if (chosen !== undefined) onArtifact(chosen);
            }}
          >
            {compiled.map(({ name }, index) => (
              <option key={name} value={index} selected={index === compiled.length - 1}>
                {cleanText(name)}
              </option>
            ))}
          </select>
        </label>
      )}
      {problem === "" ? null : <pre role="alert">{problem.slice(0, PROBLEM_SHOWN)}</pre>}
    </div>
  );
}
