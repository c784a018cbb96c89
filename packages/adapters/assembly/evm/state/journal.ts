// What memory of the state held before: 32 bytes and where they lay, newest last. A frame that fails takes back all that
// was noted since it began.
import { copyBytes } from "../bytes";
import { copy } from "../word";

/** Address u32, length u32, 32 bytes. */
const ENTRY_BYTES: usize = 40;
/** A transaction cannot pay for more: the cheapest noted change costs 100 gas. */
const JOURNAL_BYTES: i32 = 32 * 1024 * 1024;
export const JOURNAL: usize = memory.data(JOURNAL_BYTES, 16);

let end: usize = JOURNAL;

export function journalMark(): u32 {
  return <u32>end;
}

export function forgetJournal(): void {
  end = JOURNAL;
}

function note(at: usize, length: u32): usize {
  if (end + ENTRY_BYTES > JOURNAL + <usize>JOURNAL_BYTES) unreachable();
  const entry = end;
  end += ENTRY_BYTES;
  store<u32>(entry, <u32>at);
  store<u32>(entry, length, 4);
  return entry + 8;
}

export function noteWord(at: usize): void {
  copy(note(at, 32), at);
}

export function note32(at: usize): void {
  store<u32>(note(at, 4), load<u32>(at));
}

/** At most 32. */
export function noteBytes(at: usize, length: u32): void {
  copyBytes(note(at, length), at, <usize>length);
}

export function takeBack(mark: u32): void {
  while (end > <usize>mark) {
    end -= ENTRY_BYTES;
    const at = <usize>load<u32>(end);
    const length = load<u32>(end, 4);
    if (length === 32) copy(at, end + 8);
    else copyBytes(at, end + 8, <usize>length);
  }
}
