// What is wrong with a node's answer to any bytes at all, by JSON-RPC 2.0 and by the codes that geth's users know.

const CODE = { parse: -32_700, invalidRequest: -32_600, unknownMethod: -32_601, invalidParams: -32_602 };
/** Beside those: reverts, what JSON-RPC leaves to servers, and the simulator's (execution-apis). Not -32603: a fault of ours. */
const isServersCode = (code: number): boolean =>
  code === 3 || (code <= -32_000 && code >= -32_099) || (code <= -38_010 && code >= -38_026);

/** Sends that wait for a receipt have a code of their own for one that does not come in time (EIP-7966). */
const TIMEOUT_CODE = 4;
const isWaitingSend = (entry: unknown): boolean =>
  isEntry(entry) && typeof entry.method === "string" && /^eth_send(Raw)?TransactionSync$/.test(entry.method);

export interface SentAndAnswered {
  readonly sent: Uint8Array;
  readonly status: number;
  readonly answered: string;
}

interface Answer {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code?: unknown; readonly message?: unknown };
}

type Entry = Readonly<Record<string, unknown>>;

function isEntry(value: unknown): value is Entry {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isWellFormed({ jsonrpc, id = null, method }: Entry): boolean {
  return jsonrpc === "2.0" && typeof method === "string" && (id === null || ["string", "number"].includes(typeof id));
}

const isNotification = (entry: unknown): boolean => isEntry(entry) && isWellFormed(entry) && !("id" in entry);

/** The code that the request itself asks for; `undefined` where it depends on what the method makes of it. */
function prescribedCode(entry: unknown, methods: ReadonlySet<string>): number | undefined {
  if (!isEntry(entry) || !isWellFormed(entry)) return CODE.invalidRequest;
  const { method, params = [] } = entry;
  if (params !== null && !Array.isArray(params)) return CODE.invalidParams;
  return methods.has(method as string) ? undefined : CODE.unknownMethod;
}

function faultOf(answer: Answer, prescribed: number | undefined, entry: unknown): string | null {
  const { error } = answer;
  if (answer.jsonrpc !== "2.0" || !("id" in answer)) return "not an answer of JSON-RPC 2.0";
  if ("result" in answer === (error !== undefined)) return "neither a result nor an error, or both";
  if (error === undefined) return prescribed === undefined ? null : `a result instead of ${prescribed}`;
  const { code, message } = error;
  if (typeof message !== "string" || message === "") return "an error without a message";
  if (prescribed !== undefined) return code === prescribed ? null : `${code} instead of ${prescribed}`;
  const isKnown = code === CODE.invalidParams || (typeof code === "number" && isServersCode(code));
  const isOfMethod = code === TIMEOUT_CODE && isWaitingSend(entry);
  return isKnown || isOfMethod ? null : `the code ${code}`;
}

function parse(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** @param methods those that the node has @returns what is wrong, or `null` */
export function faultIn({ sent, status, answered }: SentAndAnswered, methods: ReadonlySet<string>): string | null {
  const asked = parse(Buffer.from(sent).toString("utf8"));
  const isBatch = Array.isArray(asked?.value) && asked.value.length > 0;
  const entries = isBatch ? (asked?.value as readonly unknown[]) : [asked?.value];
  const wanting = asked === null ? entries : entries.filter((entry) => !isNotification(entry));
  if (wanting.length === 0) return status === 204 && answered === "" ? null : "an answer to notifications";
  if (status !== 200) return `status ${status}`;
  const told = parse(answered);
  if (told === null) return "an answer that is not JSON";
  if (Array.isArray(told.value) !== isBatch) return "a batch for a single request, or the other way round";
  const answers = [told.value].flat() as readonly Answer[];
  if (answers.length !== wanting.length) return `${answers.length} answers to ${wanting.length} requests`;
  for (const [index, answer] of answers.entries()) {
    const prescribed = asked === null ? CODE.parse : prescribedCode(wanting[index], methods);
    const fault = faultOf(answer, prescribed, wanting[index]);
    if (fault !== null) return fault;
  }
  return null;
}

/** `result` or the code of each answer, to count. */
export function outcomesOf(answered: string): readonly string[] {
  if (answered === "") return ["none"];
  const answers = [(parse(answered)?.value ?? {}) as Answer].flat() as readonly Answer[];
  return answers.map(({ error }) => (error === undefined ? "result" : String(error.code)));
}
