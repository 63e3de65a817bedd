import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The folder that holds the whole project. */
export const root = fileURLToPath(new URL('..', import.meta.url));

export interface StepResult {
  readonly exitCode: number;
  readonly output: string;
  readonly seconds: number;
}

/**
 * Runs a program to its end in the project's folder. Its output is shown as it comes (`show: 'always'`), or only when
 * it failed. Never throws: a program that cannot be started is a failure with the reason as output.
 */
export function run(command: readonly string[], show: 'always' | 'on-failure' = 'on-failure'): Promise<StepResult> {
  const [program = '', ...args] = command;
  const started = performance.now();
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      if (show === 'always') process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const end = (exitCode: number) => {
      if (exitCode !== 0 && show === 'on-failure') process.stdout.write(output);
      resolve({ exitCode, output, seconds: (performance.now() - started) / 1000 });
    };
    child.on('error', (error) => {
      output += `could not run ${program}: ${error.message}\n`;
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}
