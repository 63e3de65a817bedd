import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.ts';
import { root } from './steps.ts';

/** Measures. `npm run bench -- --help` names the subjects and options. */
if (await build()) {
  const bench = spawn(process.execPath, [join(root, 'test/bench/main.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  bench.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
  // Ctrl-C reaches the bench by itself; what is sent to this process alone does not.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => bench.kill(signal));
} else {
  process.exitCode = 1;
}
