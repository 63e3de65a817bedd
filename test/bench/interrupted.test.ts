import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('a bench that is told to end takes the processes that it has started along', { timeout: 60_000 }, async () => {
  const bench = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), 'push', '--quick'], { stdio: 'ignore' });
  // The server, and the process of the SDK.
  await expect.poll(() => childrenOf(bench.pid).length, { timeout: 30_000 }).toBe(2);
  const started = childrenOf(bench.pid);
  bench.kill('SIGTERM');
  await once(bench, 'exit');
  await expect.poll(() => started.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

interface Listed {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
}

function childrenOf(parent: number | undefined): number[] {
  return listProcesses().flatMap((listed) => (listed.parent === parent ? [listed.pid] : []));
}

/** One that has ended stays listed (state Z) until whoever inherited it takes notice. */
function isAlive(pid: number): boolean {
  return listProcesses().some((listed) => listed.pid === pid && !listed.state.startsWith('Z'));
}

function listProcesses(): Listed[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid, parent, state = ''] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), state };
  });
}
