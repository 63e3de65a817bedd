import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { ListenerMessage } from './listener.ts';

const readyTimeoutMs = 10_000;
const changeTimeoutMs = 10_000;

/** A change as the SDK in the application's process saw it. */
export interface Change {
  /** When its `change` event came, by `nowMs`. */
  readonly atMs: number;
  /** What it then answered for the flag. */
  readonly isOn: boolean;
}

/** A process with an SDK in it, which reports its `change` events. */
export class Application {
  readonly #child: ChildProcess;
  #take: ((message: ListenerMessage) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: ListenerMessage) => this.#take?.(message));
    child.on('exit', (code, signal) => this.#fail?.(new Error(`the SDK's process ended (${signal ?? code})`)));
  }

  /** Resolves when its SDK has a ruleset. */
  static async start(url: string, sdkKey: string, flagKey: string): Promise<Application> {
    const child = fork(join(import.meta.dirname, 'listener.ts'), [url, sdkKey, flagKey]);
    const application = new Application(child);
    try {
      const message = await application.#next(readyTimeoutMs, 'the SDK was not ready');
      if (message.type !== 'ready') throw new Error('the SDK told of a change before it was ready');
      return application;
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /** Resolves with the next change. Call it before causing the change. */
  async nextChange(): Promise<Change> {
    const message = await this.#next(changeTimeoutMs, 'no change event came');
    if (message.type !== 'change') throw new Error('the SDK became ready twice');
    return message;
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  #next(timeoutMs: number, otherwise: string): Promise<ListenerMessage> {
    let timer: NodeJS.Timeout;
    const message = new Promise<ListenerMessage>((resolve, reject) => {
      this.#take = resolve;
      this.#fail = reject;
      timer = setTimeout(() => reject(new Error(`${otherwise} within ${timeoutMs / 1000} s`)), timeoutMs);
    });
    return message.finally(() => clearTimeout(timer));
  }
}
