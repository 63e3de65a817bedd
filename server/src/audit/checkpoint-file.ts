import { open } from 'node:fs/promises';
import type { Database } from '../store/tables.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { findCheckpointsSince } from './checkpoint-repository.ts';

/** What of the file's end is read to find its last line: a checkpoint of 10 000 chains would take 2 MB. */
const TAIL_BYTES = 4 * 1024 * 1024;

const BATCH = 500;

/**
 * Appends the checkpoints that the file lacks, a line each, and waits until the disk has them. The file itself says where
 * it ends, by time: a database that was restored counts its checkpoints anew from where it was.
 * @returns how many were appended @throws when the file cannot be used
 */
export async function appendCheckpoints(database: Database, path: string): Promise<number> {
  const file = await open(path, 'a+', 0o600);
  try {
    const last = readLastLine(await readTail(file));
    let sinceMs = last.checkpoint === undefined ? 0 : Date.parse(last.checkpoint.at);
    let text = last.isCut ? '\n' : '';
    let count = 0;
    for (;;) {
      const found = await findCheckpointsSince(database, sinceMs, BATCH);
      for (const { document } of found) text += `${document}\n`;
      count += found.length;
      const newest = found.at(-1);
      if (newest === undefined) break;
      sinceMs = Math.max(sinceMs + 1, Date.parse(readCheckpoint(newest.document).at));
    }
    if (count === 0) return 0;
    await file.appendFile(text);
    await file.datasync();
    return count;
  } finally {
    await file.close();
  }
}

async function readTail(file: Awaited<ReturnType<typeof open>>): Promise<string> {
  const { size } = await file.stat();
  const length = Math.min(size, TAIL_BYTES);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  return buffer.toString();
}

/** A line that was cut off when the server died is passed over, and its checkpoint written again. */
function readLastLine(tail: string): { checkpoint: Checkpoint | undefined; isCut: boolean } {
  const isCut = tail !== '' && !tail.endsWith('\n');
  for (const line of tail.split('\n').reverse()) {
    if (line === '') continue;
    try {
      return { checkpoint: readCheckpoint(line), isCut };
    } catch {
      // Not this one.
    }
  }
  return { checkpoint: undefined, isCut };
}
