import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { root } from './steps.ts';

/** A long-running process of the demo, its output kept in a log file. */
export interface Child {
  readonly name: string;
  /** The process's id; undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Resolves with the exit code, or the signal's name, when the process has ended. */
  readonly ended: Promise<number | string>;
  /** Resolves with the first line of output that matches. Rejects when the process ends before. */
  line(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Sends a signal, such as SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void;
  /** Ends the process at once, without a chance to tidy up (SIGKILL); resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks the process to end, insists after 15 s, and resolves when it is gone. */
  stop(): Promise<void>;
}

const insistAfterMs = 15_000;

/** Starts a Node program. With `logFile` undefined its output goes to this terminal. */
export function startChild(
  name: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  logFile: string | undefined,
): Child {
  return spawnChild({ name, path: process.execPath, args: command, env, cwd: root, logFile });
}

export interface ChildOptions {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly logFile: string | undefined;
}

/** Starts any program. It gets a process group of its own, so that Ctrl-C reaches it only through `stop`, in order. */
export function spawnChild({ name, path, args, env, cwd, logFile }: ChildOptions): Child {
  const process_ = spawn(path, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  const sink = logFile === undefined ? process.stdout : createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  for (const stream of [process_.stdout, process_.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      sink.write(`${line}\n`);
      if (lines.length < 200) lines.push(line);
      for (const take of [...waiting]) take(line);
    });
  }
  const ended = new Promise<number | string>((resolve) => {
    process_.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    process_.on('error', (error) => resolve(error.message));
  });
  return {
    name,
    pid: process_.pid,
    ended,
    signal: (signal) => void process_.kill(signal),
    line: (pattern) => waitForLine(pattern, lines, waiting, ended, name, logFile),
    kill: async () => {
      process_.kill('SIGKILL');
      await ended;
    },
    stop: () => stopProcess(process_, ended),
  };
}

async function waitForLine(
  pattern: RegExp,
  lines: readonly string[],
  waiting: Set<(line: string) => void>,
  ended: Promise<number | string>,
  name: string,
  logFile: string | undefined,
): Promise<RegExpMatchArray> {
  for (const line of lines) {
    const match = line.match(pattern);
    if (match) return match;
  }
  return new Promise((resolve, reject) => {
    waiting.add(function take(line) {
      const match = line.match(pattern);
      if (!match) return;
      waiting.delete(take);
      resolve(match);
    });
    void ended.then((how) => {
      const said = lines.slice(-15).join('\n');
      reject(
        new Error(`the ${name} ended (${how}) before it was ready:\n${said}${logFile ? `\nMore in ${logFile}` : ''}`),
      );
    });
  });
}

async function stopProcess(process_: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (process_.exitCode === null && process_.signalCode === null) process_.kill('SIGTERM');
  const insist = setTimeout(() => process_.kill('SIGKILL'), insistAfterMs);
  await ended;
  clearTimeout(insist);
}
