import { spawn } from 'node:child_process';

export interface RunUntil {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Given the output so far, whether that was it. Undefined: it is done when it has ended, with exit code 0. */
  readonly done: ((output: string) => boolean) | undefined;
  readonly timeoutMs: number;
  readonly say: (text: string) => void;
}

export interface Ran {
  readonly seconds: number;
  readonly output: string;
}

const insistAfterMs = 30_000;

/** How long until the program is done, and what it said. It is gone, with all its processes, when the promise settles. */
export async function runUntil({ command, cwd, env, done, timeoutMs, say }: RunUntil): Promise<Ran> {
  const [program, ...args] = command;
  const startedMs = performance.now();
  // A process group of its own, so that Ctrl-C's signal can be sent to all of it, as a terminal does.
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  // Settles also when the program could not be started at all.
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  let output = '';
  const outcome = await new Promise<number | Error>((resolve) => {
    const timer = setTimeout(() => resolve(new Error(`not done after ${timeoutMs / 60_000} minutes`)), timeoutMs);
    const settle = (result: number | Error) => {
      clearTimeout(timer);
      resolve(result);
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (done?.(output)) settle((performance.now() - startedMs) / 1000);
      });
    }
    child.on('error', settle);
    child.on('exit', (code, signal) => {
      if (code === 0 && !done) settle((performance.now() - startedMs) / 1000);
      else settle(new Error(`ended (${signal ?? code}) before it was done`));
    });
  });
  signalGroup(child.pid, 'SIGINT');
  const insist = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), insistAfterMs);
  await ended;
  clearTimeout(insist);
  if (typeof outcome === 'number') return { seconds: outcome, output };
  say(output.slice(-4_000));
  throw new Error(`${command.join(' ')}: ${outcome.message}; the end of its output is above`);
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: the whole group has ended, which is what is wanted.
  }
}
