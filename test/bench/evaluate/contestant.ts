import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, loadAdapter } from '../adapter.ts';
import type { DataSet } from '../data-set.ts';
import type { Reply, Request } from './child.ts';

/** An SDK in a process of its own, ready to be asked for measurements one at a time. */
export class Contestant {
  readonly contender: Contender;
  readonly #child: ChildProcess;

  private constructor(contender: Contender, child: ChildProcess) {
    this.contender = contender;
    this.#child = child;
  }

  /** `nodeFlags` go to the process; `folder` is where the SDK's data file is written. */
  static async start(
    contender: Contender,
    dataSet: DataSet,
    folder: string,
    nodeFlags: readonly string[] = [],
  ): Promise<Contestant> {
    const dataFile = join(folder, `${contender.name}.json`);
    writeFileSync(dataFile, (await loadAdapter(contender.file)).write(dataSet));
    const child = fork(join(import.meta.dirname, 'child.ts'), [contender.file, dataFile], {
      execArgv: [...nodeFlags],
      // What SDKs log is of no interest, unless they fail: then it is on stderr.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const contestant = new Contestant(contender, child);
    await contestant.#reply();
    return contestant;
  }

  async ask(request: Request): Promise<number> {
    const answered = this.#reply();
    this.#child.send(request);
    return answered;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    const insist = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(insist);
  }

  async #reply(): Promise<number> {
    const { name } = this.contender;
    const aborter = new AbortController();
    const ended = once(this.#child, 'exit', aborter).then(([code, signal]) => {
      throw new Error(`the process of ${name} ended (${signal ?? code}); its output is above`);
    });
    ended.catch(() => {});
    const [reply]: [Reply] = (await Promise.race([once(this.#child, 'message', aborter), ended])) as [Reply];
    aborter.abort();
    if ('error' in reply) throw new Error(`${name}: ${reply.error}`);
    return reply.value;
  }
}
