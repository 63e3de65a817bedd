import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempFolder } from './temp-folder.ts';

/** A disk that a test fills, for the processes that are started with its preload and environment. */
export interface FillableDisk {
  readonly preload: string;
  readonly env: Readonly<Record<string, string>>;
  isFull: boolean;
  remove(): void;
}

export function makeFillableDisk(): FillableDisk {
  const folder = makeTempFolder();
  const mark = join(folder.path, 'the-disk-is-full');
  let isFull = false;
  return {
    preload: join(import.meta.dirname, 'preloads/full-disk.ts'),
    env: { DISK_FULL_FILE: mark },
    get isFull() {
      return isFull;
    },
    set isFull(value) {
      isFull = value;
      if (isFull) writeFileSync(mark, '');
      else rmSync(mark, { force: true });
    },
    remove: folder.remove,
  };
}
