// Logs, one after the other: account u32, number of topics u32, length of data u32, 4 bytes free, topics, data.
import { copyBytes } from "../bytes";
import { copy } from "../word";

const HEAD_BYTES: usize = 16;
/** A transaction cannot pay for more: a byte costs 8 gas, a log 375. */
const LOGS_BYTES: i32 = 16 * 1024 * 1024;
export const LOGS: usize = memory.data(LOGS_BYTES, 16);

let end: usize = LOGS;

export function logMark(): u32 {
  return <u32>end;
}

export function setLogMark(mark: u32): void {
  end = <usize>mark;
}

export function addLog(account: usize, topics: usize, topicCount: i32, data: usize, length: u32): void {
  const size = (HEAD_BYTES + ((<usize>topicCount) << 5) + <usize>length + 15) & ~15;
  if (end + size > LOGS + <usize>LOGS_BYTES) unreachable();
  store<u32>(end, <u32>account);
  store<u32>(end, <u32>topicCount, 4);
  store<u32>(end, length, 8);
  let at = end + HEAD_BYTES;
  for (let i = 0; i < topicCount; i++) {
    copy(at, topics - ((<usize>i) << 5));
    at += 32;
  }
  copyBytes(at, data, <usize>length);
  end += size;
}
