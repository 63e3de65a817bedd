import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempFolder } from './temp-folder.ts';

/** A wall clock that a test sets, for the processes that are started with its preload and environment. */
export interface ShiftedClock {
  readonly preload: string;
  readonly env: Readonly<Record<string, string>>;
  /** How far it is from the machine's, in milliseconds. */
  offsetMs: number;
  remove(): void;
}

export function makeShiftedClock(): ShiftedClock {
  const folder = makeTempFolder();
  const file = join(folder.path, 'offset');
  let offsetMs = 0;
  const write = () => {
    // Renamed into place: who reads meanwhile gets the one or the other.
    writeFileSync(`${file}.new`, String(offsetMs));
    renameSync(`${file}.new`, file);
  };
  write();
  return {
    preload: join(import.meta.dirname, 'preloads/shift-clock.ts'),
    env: { CLOCK_OFFSET_FILE: file },
    get offsetMs() {
      return offsetMs;
    },
    set offsetMs(value) {
      offsetMs = value;
      write();
    },
    remove: folder.remove,
  };
}
