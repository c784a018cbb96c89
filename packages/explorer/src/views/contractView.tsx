import { hexToBytes } from "@festina/primitives";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Artifact } from "../abi/artifact.ts";
import type { AbiFunction, ContractAbi } from "../abi/contractAbi.ts";
import { decodeAbi } from "../abi/decodeAbi.ts";
import { TOKEN_ABI } from "../abi/knownAbis.ts";
import { readSelected, type Worded } from "../abi/readWithAbi.ts";
import type { ReceiptAnswer } from "../data/answers.ts";
import { type Call, failureText } from "../data/rpcCaller.ts";
import { cleanText } from "../format/formatHash.ts";
import { abisOf, knownContracts, ownAbi, rememberAbi } from "../page/abis.ts";
import type { ViewProps } from "../page/app.tsx";
import { usePage, useReading } from "../page/context.ts";
import type { Sender } from "../page/senders.ts";
import { AbiForm, type FilledCall } from "../parts/abiForm.tsx";
import { ArtifactInput } from "../parts/artifactInput.tsx";
import { Account, HashLink } from "../parts/links.tsx";
import { Missing } from "../parts/missing.tsx";
import { Panel } from "../parts/panel.tsx";
import { useSender } from "../parts/senderChoice.tsx";
import { WordedValues } from "../parts/worded.tsx";
import { routeTo } from "../route/route.ts";

const RECEIPT_TRIES = 120;
const RECEIPT_PAUSE_MS = 250;
const FUNCTIONS_SHOWN = 200;

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** Nodes give it as the error's data, wallets wrap that once or twice. */
function revertData(error: unknown): string | null {
  let data = (error as { readonly data?: unknown } | null)?.data;
  for (let depth = 0; depth < 3 && typeof data === "object" && data !== null; depth++)
    data = (data as { readonly data?: unknown }).data;
  return typeof data === "string" ? data : null;
}

/** The reason of a revert in words, where an ABI knows it. */
function refusalText(error: unknown, address: string): string {
  const data = revertData(error);
  const worded = data === null ? null : readSelected(abisOf(address), "errors", data);
  return worded === null
    ? failureText(error)
    : `${worded.name}(${worded.values.map(({ value }) => String(value)).join(", ")})`;
}

/** Waits for the block. @throws when none comes in half a minute */
async function awaitReceipt(call: Call, hash: string): Promise<ReceiptAnswer> {
  for (let tries = 0; tries < RECEIPT_TRIES; tries++) {
    const receipt = await call<ReceiptAnswer | null>("eth_getTransactionReceipt", [hash]);
    if (receipt !== null) return receipt;
    await new Promise((resolve) => setTimeout(resolve, RECEIPT_PAUSE_MS));
  }
  throw new Error(`no block has taken ${hash} yet`);
}

function ReadFunction({ entry, address }: { readonly entry: AbiFunction; readonly address: string }): JSX.Element {
  const { call } = usePage();
  const [answer, setAnswer] = useState<Worded | null>(null);
  async function ask({ data }: FilledCall): Promise<void> {
    try {
      const output = await call<string>("eth_call", [{ to: address, data: entry.selector + data }, "latest"]);
      const decoded = decodeAbi(entry.outputs, hexToBytes(output));
      if (!decoded.ok) throw new Error(`the answer does not fit the ABI: ${decoded.error.message}`);
      const values = entry.outputs.flatMap((field, index) => {
        const value = decoded.value[index];
        return value === undefined ? [] : [{ field, value }];
      });
      setAnswer({ name: "Answer", signature: "", values });
    } catch (error) {
      throw new Error(refusalText(error, address));
    }
  }
  return (
    <details class="function">
      <summary>{cleanText(entry.signature)}</summary>
      <AbiForm fields={entry.inputs} isPayable={false} action={`Read ${cleanText(entry.name, 40)}`} onSubmit={ask} />
      <div role="status">{answer === null ? null : <WordedValues worded={answer} />}</div>
    </details>
  );
}

function Sent({ hash, receipt }: { readonly hash: string; readonly receipt: ReceiptAnswer | null }): JSX.Element {
  return (
    <p>
      {receipt === null ? "Sent, waits for its block: " : receipt.status === "0x1" ? "Succeeded: " : "Failed: "}
      <HashLink view="tx" hash={hash} />
    </p>
  );
}

function WriteFunction(props: {
  readonly entry: AbiFunction;
  readonly address: string;
  readonly sender: Sender | null;
}): JSX.Element {
  const { entry, address, sender } = props;
  const { call } = usePage();
  const [sent, setSent] = useState<{ readonly hash: string; readonly receipt: ReceiptAnswer | null } | null>(null);
  async function send({ data, valueWei }: FilledCall): Promise<void> {
    if (sender === null) throw new Error("choose who sends first");
    try {
      const hash = await sender.send({ to: address, data: entry.selector + data, value: hex(valueWei) });
      setSent({ hash, receipt: null });
      setSent({ hash, receipt: await awaitReceipt(call, hash) });
    } catch (error) {
      throw new Error(refusalText(error, address));
    }
  }
  return (
    <details class="function">
      <summary>{cleanText(entry.signature)}</summary>
      <AbiForm
        fields={entry.inputs}
        isPayable={entry.mutability === "payable"}
        action={`Send ${cleanText(entry.name, 40)}`}
        onSubmit={send}
      />
      <div role="status">{sent === null ? null : <Sent {...sent} />}</div>
    </details>
  );
}

function Deploy({ artifact, sender }: { readonly artifact: Artifact; readonly sender: Sender | null }): JSX.Element {
  const { call } = usePage();
  const [made, setMade] = useState<{ readonly hash: string; readonly address: string | null } | null>(null);
  const { abi, bytecode, entries } = artifact;
  async function deploy({ data, valueWei }: FilledCall): Promise<void> {
    if (sender === null) throw new Error("choose who sends first");
    const hash = await sender.send({ data: bytecode + data, value: hex(valueWei) });
    setMade({ hash, address: null });
    const { contractAddress, status } = await awaitReceipt(call, hash);
    if (contractAddress === null || status !== "0x1") throw new Error("the constructor failed");
    rememberAbi(contractAddress, entries);
    setMade({ hash, address: contractAddress });
  }
  return (
    <>
      <h3>Deploy {cleanText(artifact.name)}</h3>
      <AbiForm fields={abi.constructorInputs} isPayable={abi.isConstructorPayable} action="Deploy" onSubmit={deploy} />
      <div role="status">
        {made === null ? null : (
          <p>
            {made.address === null ? "Sent: " : "Deployed: "}
            <HashLink view="tx" hash={made.hash} />{" "}
            {made.address === null ? null : (
              <a class="deployed" href={routeTo("contract", made.address)}>
                {made.address}
              </a>
            )}
          </p>
        )}
      </div>
    </>
  );
}

function Functions(props: {
  readonly abi: ContractAbi;
  readonly address: string;
  readonly sender: Sender | null;
}): JSX.Element {
  const { abi, address, sender } = props;
  const isRead = ({ mutability }: AbiFunction): boolean => mutability === "view" || mutability === "pure";
  const shown = abi.functions.slice(0, FUNCTIONS_SHOWN);
  return (
    <>
      <Panel title="Read">
        {shown.filter(isRead).map((entry) => (
          <ReadFunction key={entry.signature} entry={entry} address={address} />
        ))}
      </Panel>
      <Panel title="Write">
        {shown
          .filter((entry) => !isRead(entry))
          .map((entry) => (
            <WriteFunction key={entry.signature} entry={entry} address={address} sender={sender} />
          ))}
      </Panel>
    </>
  );
}

/** The way to contracts that are there already. */
function Known(): JSX.Element {
  const [text, setText] = useState("");
  const known = knownContracts();
  const open = (event: Event): void => {
    event.preventDefault();
    location.hash = routeTo("contract", text.trim());
  };
  return (
    <Panel title="Open a contract" isWide>
      <form onSubmit={open}>
        <label>
          Its address{" "}
          <input
            size={46}
            value={text}
            required
            pattern="\s*0x[0-9a-fA-F]{40}\s*"
            title="0x and 40 hex digits"
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>{" "}
        <button type="submit">Open</button>
      </form>
      {known.length === 0 ? null : <h3>With an ABI in this browser</h3>}
      <ul>
        {known.map((address) => (
          <li key={address}>
            <a href={routeTo("contract", address)}>{address}</a>
          </li>
        ))}
      </ul>
      <p class="quiet">ABIs that you give are kept in this browser only.</p>
    </Panel>
  );
}

/** Without a subject: deploy one, or go to one that is known. With: read and write it. */
export function ContractView({ subject }: ViewProps): JSX.Element {
  const address = subject.toLowerCase();
  const isContract = /^0x[0-9a-f]{40}$/.test(address);
  const [artifact, setArtifact] = useState<Artifact | null>(null);
  const { sender, choice } = useSender();
  const code = useReading(`code ${address}`, 0, async (call) =>
    isContract ? call<string>("eth_getCode", [address, "latest"]) : null,
  );
  const abi = artifact?.abi ?? (isContract ? ownAbi(address) : null);
  function take(taken: Artifact): void {
    setArtifact(taken);
    if (isContract) rememberAbi(address, taken.entries);
  }
  if (subject !== "" && !isContract)
    return (
      <>
        <h1>Contract</h1>
        <Missing subject={subject}>Contracts are asked for by their address: 0x and 40 hex digits.</Missing>
      </>
    );
  return (
    <>
      <h1>{isContract ? "Contract" : "Contracts"}</h1>
      {isContract ? (
        <p class="wide">
          <Account address={address} isWhole /> <a href={routeTo("token", address)}>as a token</a>
        </p>
      ) : null}
      {code.kind === "done" && code.value === "0x" ? (
        <p class="wide mark bad" role="alert">
          There is no code at this address on this chain: reads answer nothing, and what is sent only moves coins.
        </p>
      ) : null}
      <Panel title="Sender" isWide>
        {choice}
      </Panel>
      <Panel title={isContract ? "ABI" : "Deploy a contract"} isWide>
        {isContract && abi === null ? <p>Until its own ABI is given, what tokens offer is shown.</p> : null}
        {isContract && abi !== null ? (
          <details>
            <summary>Give another ABI</summary>
            <ArtifactInput onArtifact={take} />
          </details>
        ) : (
          <ArtifactInput onArtifact={take} />
        )}
        {isContract || artifact === null ? null : artifact.bytecode === null ? (
          <p role="alert">
            There is no creation code in it, or libraries are to be linked first: it cannot be deployed from here.
          </p>
        ) : (
          <Deploy key={`${artifact.name} ${artifact.bytecode.length}`} artifact={artifact} sender={sender} />
        )}
      </Panel>
      {isContract ? <Functions abi={abi ?? TOKEN_ABI} address={address} sender={sender} /> : <Known />}
    </>
  );
}
