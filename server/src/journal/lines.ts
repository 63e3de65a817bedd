import { crc32 } from 'node:zlib';
import type { Json } from '@bunting/core';

export interface Entry {
  readonly kind: string;
  readonly id: string;
  readonly document: Json;
}

/** A line of a journal: the CRC-32 of the rest in eight hex digits, a space, and the entry as JSON. */
export function toLine(entry: Entry): string {
  const json = JSON.stringify(entry);
  return `${checksum(json)} ${json}\n`;
}

/** The entries of a file, without lines that were cut off or damaged. */
export function readLines(text: string): Entry[] {
  return text.split('\n').flatMap((line) => readLine(line) ?? []);
}

function readLine(line: string): Entry | undefined {
  const json = line.slice(9);
  if (line.slice(0, 9) !== `${checksum(json)} `) return undefined;
  try {
    const { kind, id, document } = JSON.parse(json);
    return typeof kind === 'string' && typeof id === 'string' && document !== undefined
      ? { kind, id, document }
      : undefined;
  } catch {
    // Someone else wrote it: whole, and nothing of ours.
    return undefined;
  }
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}
