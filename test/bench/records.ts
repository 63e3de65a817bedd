import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Measurement } from './subject.ts';

const recordsFolder = join(import.meta.dirname, 'recorded');

/** What a subject measured when it was last recorded. */
export interface SubjectRecord {
  readonly about: string;
  /** How it is measured, where the bench does not. */
  readonly command?: string;
  /** ISO 8601, the day alone. */
  readonly date: string;
  /** Version of Node, `v24.1.0`. */
  readonly node: string;
  /** Cores, processor and memory, in words. */
  readonly machine: string;
  readonly measurements: readonly Measurement[];
  readonly notes: readonly string[];
}

/** By the name of the subject. */
export type Records = ReadonlyMap<string, SubjectRecord>;

export function readRecords(folder = recordsFolder): Records {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return new Map(
    files.sort().map((file) => {
      // JSON has no NaN, which is what a subject says of something that never came about.
      const revive = (key: string, value: unknown) => (key === 'ours' ? (value ?? Number.NaN) : value);
      return [file.replace(/\.json$/, ''), JSON.parse(readFileSync(join(folder, file), 'utf8'), revive)];
    }),
  );
}

/** In place of what was recorded of the subject before. */
export function writeRecord(subject: string, record: SubjectRecord, folder = recordsFolder): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${subject}.json`), `${JSON.stringify(record, null, 2)}\n`);
}
