import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { familyOf } from '../../tools/process-family.ts';
import { isAlive } from '../processes/is-alive.ts';

test('a bench that is told to end takes the processes that it has started along', { timeout: 60_000 }, async () => {
  const bench = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), 'push', '--quick'], { stdio: 'ignore' });
  // The server, and the process of the SDK.
  const started = () => familyOf(bench.pid ?? 0).slice(1);
  await expect.poll(() => started().length, { timeout: 30_000 }).toBe(2);
  const pids = started();
  bench.kill('SIGTERM');
  await once(bench, 'exit');
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});
