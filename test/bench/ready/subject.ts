import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contender, loadAdapter, peers } from '../adapter.ts';
import { askChild } from '../ask-child.ts';
import { makeFiveRuleFlags } from '../data-set.ts';
import { installedName, installPeers } from '../install-peers.ts';
import { show } from '../report.ts';
import { median, round } from '../statistics.ts';
import type { Options, Outcome, Subject } from '../subject.ts';
import type { ReadyReply } from './child.ts';

const ours: Contender = { name: 'bunting', file: 'ready/from-snapshot.ts' };
const overLoopback: Contender = { name: 'bunting-connect', file: 'bunting.ts' };
const jsonParse: Contender = { name: 'json-parse', file: 'floors/json-parse.ts' };
const child = new URL('child.ts', import.meta.url);
const budgetMs = 75;

/** How long a fresh process takes from the bytes of a large ruleset to its first answer. */
export const ready: Subject = {
  name: 'ready',
  about: 'fresh process: from a local file of 10 000 flags of five rules to the first answer',

  async measure(options) {
    installPeers(options.say);
    const flagCount = options.quick ? 1_000 : 10_000;
    const contenders = [ours, overLoopback, jsonParse, ...peers];
    const folder = mkdtempSync(join(tmpdir(), 'bunting-bench-'));
    try {
      const files = await writeFiles(contenders, flagCount, folder);
      const times = await timeInRounds(files, `rules-${flagCount - 1}`, options);
      return report(files, times, flagCount);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function writeFiles(contenders: readonly Contender[], flagCount: number, folder: string) {
  const dataSet = makeFiveRuleFlags(flagCount);
  const files = new Map<Contender, string>();
  for (const contender of contenders) {
    const file = join(folder, `${contender.name}.json`);
    writeFileSync(file, (await loadAdapter(contender.file)).write(dataSet));
    files.set(contender, file);
  }
  return files;
}

/** Each contender once a round, in a process of its own each time. */
async function timeInRounds(files: ReadonlyMap<Contender, string>, flagKey: string, options: Options) {
  const rounds = options.quick ? 2 : 7;
  const times = new Map<Contender, number[]>();
  for (let i = 1; i <= rounds; i++) {
    options.say(`round ${i} of ${rounds} ...`);
    for (const [contender, file] of files) {
      const { readyMs, share } = await askChild<ReadyReply>(child, [contender.file, file, flagKey]);
      if (contender !== jsonParse && (share < 0.15 || share > 0.25)) {
        throw new Error(`${contender.name} has the flag on for ${share} of the subjects, not for 0.2`);
      }
      times.set(contender, [...(times.get(contender) ?? []), readyMs]);
    }
  }
  return times;
}

function report(
  files: ReadonlyMap<Contender, string>,
  times: ReadonlyMap<Contender, readonly number[]>,
  flagCount: number,
): Outcome {
  const of = (contender: Contender) => round(median(times.get(contender) ?? []));
  const shared = { unit: 'ms', better: 'lower', floor: of(jsonParse) } as const;
  const flags = `${show(flagCount)} flags`;
  const megabytes = [...files].map(([{ name }, file]) => `${name} ${round(statSync(file).size / 1e6)}`);
  return {
    measurements: [
      {
        case: `${flags} of five rules, local bytes to first answer`,
        ...shared,
        ours: of(ours),
        peers: Object.fromEntries(peers.map((peer) => [installedName(peer), of(peer)])),
        // The budget is for 10 000 flags; a quick run has fewer.
        ...(flagCount === 10_000 && { budget: budgetMs }),
      },
      { case: `${flags} of five rules, connect() over loopback to first answer`, ...shared, ours: of(overLoopback) },
    ],
    notes: [
      'floor: reading and JSON.parse of the same flags as one document; below it is who leaves flags as text until asked',
      `size of the files, MB: ${megabytes.join(', ')}`,
    ],
  };
}
