import { join } from 'node:path';
import Database from 'better-sqlite3';
import { startServer, type TestServer } from '../../processes/server.ts';
import { makeTempFolder } from '../../processes/temp-folder.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Subject } from '../subject.ts';

const WRITERS = [1, 10, 50];

/** How many changes a server on SQLite takes, each with its revision, its history and its audit event, on the disk. */
export const mutations: Subject = {
  name: 'mutations',
  about: 'changes of flags a second, and how long one takes, by 1, 10 and 50 writers at once on SQLite',

  async measure({ quick, say }) {
    const forMs = quick ? 1_000 : 15_000;
    const floor = measureFloor(quick ? 200 : 3_000);
    const server = await startServer();
    try {
      const measurements: Measurement[] = [];
      for (const writers of WRITERS) {
        say(`${writers} writers ...`);
        await write(server, writers, forMs / 5);
        const { tookMs, perSecond } = await write(server, writers, forMs);
        const who = `${writers} ${writers === 1 ? 'writer' : 'writers'}`;
        measurements.push(
          {
            case: `${who}: changes a second`,
            unit: '1/s',
            better: 'higher',
            ours: round(perSecond),
            floor: round(floor),
          },
          { case: `${who}: a change, p50`, unit: 'ms', better: 'lower', ours: round(percentile(tookMs, 50)) },
          { case: `${who}: a change, p99`, unit: 'ms', better: 'lower', ours: round(percentile(tookMs, 99)) },
        );
      }
      return {
        measurements,
        notes: [
          'each writer turns a flag of its own on and off, all in one environment; it sends the next change when the last was answered',
          'a change: state, revision, what it replaced and a chained audit event in one transaction, synchronous = FULL',
          'floor: transactions of one row a second in a SQLite file of the same disk and settings, without a server',
          'writers are in one process beside the server, over HTTP on loopback, without a bound on requests',
        ],
      };
    } finally {
      await server.remove();
    }
  },
};

/** Lets writers work for a while. @returns what each change took, and how many there were a second */
async function write(
  { api }: TestServer,
  writers: number,
  forMs: number,
): Promise<{ tookMs: number[]; perSecond: number }> {
  const keys = Array.from({ length: writers }, (_, at) => `written-${at}`);
  for (const key of keys) {
    const { status } = await api.request('POST', '/projects/default/flags', { key, type: 'boolean' });
    // It is there from the round before.
    if (status !== 201 && status !== 409) throw new Error(`making the flag ${key} was answered ${status}`);
  }
  const tookMs: number[] = [];
  const beganMs = performance.now();
  const work = async (key: string) => {
    for (let enabled = true; performance.now() - beganMs < forMs; enabled = !enabled) {
      const sentMs = performance.now();
      await api.call('PATCH', `/projects/default/flags/${key}/environments/development`, { enabled });
      tookMs.push(performance.now() - sentMs);
    }
  };
  await Promise.all(keys.map(work));
  return { tookMs, perSecond: (tookMs.length * 1_000) / (performance.now() - beganMs) };
}

/** Transactions of one row a second, each on the disk. */
function measureFloor(count: number): number {
  const folder = makeTempFolder();
  const database = new Database(join(folder.path, 'floor.db'));
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.exec('create table rows (id integer primary key, text text)');
    const insert = database.prepare('insert into rows (text) values (?)');
    const beganMs = performance.now();
    for (let at = 0; at < count; at++) insert.run('x'.repeat(200));
    return (count * 1_000) / (performance.now() - beganMs);
  } finally {
    database.close();
    folder.remove();
  }
}
