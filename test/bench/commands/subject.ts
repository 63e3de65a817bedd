import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { round } from '../statistics.ts';
import type { Measurement, Options, Subject } from '../subject.ts';
import { type Ran, runUntil } from './run-until.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const timeoutMs = 30 * 60_000;

/** What is on the machine already, in this order. All tests take too long to be run twice for a minute of installing. */
const runs = [
  { command: 'start', stores: ['empty', 'warm'] },
  { command: 'test', stores: ['empty'] },
] as const;

/** What a newcomer waits for: the two commands in a clean clone, first with no package on the machine. */
export const commands: Subject = {
  name: 'commands',
  about: 'seconds of `npm start` and `npm test` from a clean clone, without a package on the machine',

  async measure(options) {
    const measurements: Measurement[] = [];
    const notes = ['the clone has what is committed, nothing else', 'npm start: until its three links are printed'];
    for (const { command, stores } of options.quick ? runs.slice(0, 1) : runs) {
      const home = mkdtempSync(join(tmpdir(), 'bunting-bench-home-'));
      try {
        for (const store of stores) {
          options.say(`npm ${command}, ${store} package store ...`);
          const { seconds, output } = await runInClone(command, home, options);
          measurements.push({
            case: `npm ${command} from a clean clone, ${store} package store`,
            unit: 's',
            better: 'lower',
            ours: round(seconds),
          });
          const sum = /^\d+ passed, \d+ failed, \d+ skipped/m.exec(output)?.[0];
          if (sum !== undefined) notes.push(`npm ${command}: ${sum}`);
        }
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    }
    return { measurements, notes };
  },
};

/** Clones the commit that is checked out; the clone ends with the run, what it left in `home` stays. */
async function runInClone(command: 'start' | 'test', home: string, options: Options): Promise<Ran> {
  const box = mkdtempSync(join(tmpdir(), 'bunting-bench-clone-'));
  const clone = join(box, 'bunting');
  try {
    mkdirSync(home, { recursive: true });
    const cloned = spawnSync('git', ['clone', '--quiet', root, clone], { encoding: 'utf8' });
    if (cloned.status !== 0) throw new Error(`git clone failed: ${cloned.stderr}`);
    return await runUntil({
      command: ['npm', command],
      cwd: clone,
      env: newcomersEnvironment(home),
      // `npm start` never ends by itself: it is ended when it has printed its three links.
      done: command === 'start' ? hasThreeLinks : undefined,
      timeoutMs,
      say: options.say,
    });
  } finally {
    rmSync(box, { recursive: true, force: true });
  }
}

/** Links to this machine: other addresses may stand in what npm has to say. */
function hasThreeLinks(output: string): boolean {
  return new Set(output.match(/http:\/\/(?:127\.0\.0\.1|localhost):\d+\S*/g)).size >= 3;
}

/** Nothing of this checkout's or this user's: an empty home, and no path into the project's own programs. */
function newcomersEnvironment(home: string): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(root));
  const kept = ['LANG', 'TERM', 'NODE_EXTRA_CA_CERTS', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
  return {
    HOME: home,
    PATH: path.join(delimiter),
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
  };
}
