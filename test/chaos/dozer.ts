import { Boundary } from './boundary.ts';

/**
 * A process that is stopped at a call, before it is made, and goes on when it is woken: in between others may have done
 * anything. Between its looks it makes no calls at all.
 */
export class Dozer extends Boundary {
  #isOn = false;
  #callsLeft = Number.POSITIVE_INFINITY;
  #woken: Promise<void> | undefined;
  #wake = () => {};
  #onStop = () => {};
  #work: Promise<void> | undefined;

  get isStopped(): boolean {
    return this.#woken !== undefined;
  }

  async do<T>(call: () => Promise<T>): Promise<T> {
    if (!this.#isOn) throw new Error('the process does not look now');
    this.#callsLeft -= 1;
    if (this.#callsLeft === 0) this.#stop();
    await this.#woken;
    return call();
  }

  /** Does its work, until it is done or stopped. @param stopAt its nth call; undefined: none */
  async run(work: () => Promise<unknown>, stopAt = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.isStopped) return;
    this.#isOn = true;
    this.#callsLeft = stopAt;
    const stopped = new Promise<void>((resolve) => {
      this.#onStop = resolve;
    });
    this.#work = work().then(() => {});
    await Promise.race([this.#work, stopped]);
    if (!this.isStopped) this.#isOn = false;
  }

  /** Resolves when what it had begun has ended. */
  async wake(): Promise<void> {
    if (!this.isStopped) return;
    this.#woken = undefined;
    this.#wake();
    await this.#work;
    this.#isOn = false;
  }

  #stop(): void {
    this.#woken = new Promise((resolve) => {
      this.#wake = resolve;
    });
    this.#onStop();
  }
}
