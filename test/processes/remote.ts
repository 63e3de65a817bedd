import { type ChildProcess, fork } from 'node:child_process';
import { basename } from 'node:path';

/** What a process of ours can be asked: functions by name, each of one argument that can be cloned. */
export type Calls = { readonly [name: string]: (argument: never) => unknown };

type Reply = { readonly id: number; readonly result?: unknown; readonly error?: string };

/** Another Node process that answers calls. It ends with this one, whatever happens. */
export class Remote<C extends Calls> {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  /** Resolves with the exit code, or the signal's name, when the process is gone. */
  readonly ended: Promise<number | string>;
  #id = 0;

  /** @param file absolute path of a module that calls `answer` */
  constructor(file: string, options: { readonly preloads?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {}) {
    this.#child = fork(file, {
      execArgv: (options.preloads ?? []).map((module) => `--import=${module}`),
      env: { ...process.env, ...options.env },
      serialization: 'advanced',
    });
    this.#child.on('message', ({ id, result, error }: Reply) => {
      const waiting = this.#open.get(id);
      this.#open.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(`${basename(file)}: ${error}`));
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        for (const { reject } of this.#open.values()) reject(new Error(`${basename(file)} ended (${signal ?? code})`));
        resolve(code ?? signal ?? 'unknown');
      });
    });
  }

  call<Name extends keyof C & string>(
    name: Name,
    ...[argument]: Parameters<C[Name]>
  ): Promise<Awaited<ReturnType<C[Name]>>> {
    const id = this.#id++;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#child.send({ id, name, argument }, (error) => error && reject(error));
    });
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.ended;
  }

  /** Sends a signal, such as SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/** The other side: answers calls until the process that asks is gone. */
export function answer(calls: Calls): void {
  process.on('message', async ({ id, name, argument }: { id: number; name: string; argument: never }) => {
    let reply: Reply;
    try {
      reply = { id, result: await calls[name]?.(argument) };
    } catch (error) {
      reply = { id, error: error instanceof Error ? error.message : String(error) };
    }
    if (process.connected) process.send?.(reply);
  });
  process.once('disconnect', () => process.exit());
}
