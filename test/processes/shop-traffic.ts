import { setTimeout as sleep } from 'node:timers/promises';

/** What a visitor was shown. */
type Shown = 'one-page' | 'classic' | 'error';

/** The latest visits that say how a shop is. */
const LATEST = 30;
const PAUSE_MS = 15;

/** People who go straight to the checkout, each of them new, of all shops in turn. */
export class ShopTraffic {
  readonly #shops: readonly string[];
  readonly #pauseMs: number;
  readonly #shown = new Map<string, Shown[]>();
  readonly #counts = new Map<Shown, number>();
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;

  /** @param pauseMs between two people, for each shop */
  constructor(shops: readonly string[], pauseMs = PAUSE_MS) {
    this.#shops = shops;
    this.#pauseMs = pauseMs;
    this.#running = Promise.all(shops.map((url) => this.#visit(url)));
  }

  /** How many people have been there. */
  get visits(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** How often visitors of all shops were shown this. */
  seen(shown: Shown): number {
    return this.#counts.get(shown) ?? 0;
  }

  /** Whether the latest visitors of a shop were all shown the classic checkout. */
  isClassic(url: string): boolean {
    const shown = this.#shown.get(url) ?? [];
    return shown.length >= LATEST && shown.every((each) => each === 'classic');
  }

  /** Presses the button of every shop. */
  async breakCheckout(): Promise<void> {
    this.#shown.clear();
    for (const url of this.#shops) {
      await fetch(`${url}/fault`, { method: 'POST', body: new URLSearchParams({ broken: 'yes' }), redirect: 'manual' });
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #visit(url: string): Promise<void> {
    const { signal } = this.#stop;
    for (let person = 0; !signal.aborted; person++) {
      const cookie = `visitor=person-${person}; country=DE; plan=guest; basket=rustic-bunting:1`;
      try {
        const response = await fetch(`${url}/checkout`, { headers: { cookie }, signal });
        const page = await response.text();
        const checkout = page.includes('data-checkout="one-page"') ? 'one-page' : 'classic';
        this.#note(url, response.ok ? checkout : 'error');
        await sleep(this.#pauseMs, undefined, { signal });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  #note(url: string, shown: Shown): void {
    this.#counts.set(shown, this.seen(shown) + 1);
    this.#shown.set(url, [...(this.#shown.get(url) ?? []), shown].slice(-LATEST));
  }
}
