import { connect, type Flags } from '@bunting/node';

/** A service of the shop: it runs the checkout for another user every few milliseconds; its new side can be made to fail. */
export class Checkouts {
  /** Of a hundred runs. */
  failing = 0;
  readonly #flags: Flags;
  readonly #timer: NodeJS.Timeout;
  #users = 0;

  private constructor(flags: Flags) {
    this.#flags = flags;
    this.#timer = setInterval(() => {
      for (let i = 0; i < 5; i++) this.#serve();
    }, 10);
  }

  static async start(url: string, sdkKey: string, version?: string): Promise<Checkouts> {
    const flags = connect({ url, sdkKey, app: 'shop', logger: {}, ...(version && { deploy: { version } }) });
    await flags.ready();
    return new Checkouts(flags);
  }

  #serve(): void {
    const user = this.#users++;
    const on = () => {
      if (user % 100 < this.failing) throw new Error('out of stock');
    };
    try {
      this.#flags.run('checkout', { targetingKey: `user-${user}` }, { on, off: () => {} });
    } catch {}
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flags.close();
  }
}
