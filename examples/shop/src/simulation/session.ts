import type { SimulatedVisitor } from './crowd.ts';

const timeoutMs = 5_000;

/** The shop answered, but not with a page. */
export class Refused extends Error {}

/** A visitor's browser, as far as this shop needs one: cookies, links and forms. */
export class Session {
  readonly #shopUrl: string;
  readonly #visitor: SimulatedVisitor;
  readonly #signal: AbortSignal;
  readonly #cookies: Map<string, string>;

  constructor(shopUrl: string, visitor: SimulatedVisitor, signal: AbortSignal) {
    this.#shopUrl = shopUrl;
    this.#visitor = visitor;
    this.#signal = signal;
    this.#cookies = new Map(Object.entries(visitor.cookies));
  }

  get(path: string): Promise<string> {
    return this.#request(path, {});
  }

  post(path: string, fields: Readonly<Record<string, string>>): Promise<string> {
    return this.#request(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** Answers the page, after one redirect at most. Throws when there is none, saying which request failed and how. */
  async #request(path: string, init: RequestInit, mayRedirect = true): Promise<string> {
    const headers = {
      cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'user-agent': this.#visitor.userAgent,
    };
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(timeoutMs)]);
    const response = await fetch(new URL(path, this.#shopUrl), { ...init, headers, signal, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const page = await response.text();
    const location = response.headers.get('location');
    if (response.status === 303 && location !== null && mayRedirect) return this.#request(location, {}, false);
    if (!response.ok) throw new Refused(`${init.method ?? 'GET'} ${path} answered ${response.status}`);
    return page;
  }

  #keep(cookie: string): void {
    const [name = '', value = ''] = (cookie.split(';', 1)[0] ?? '').split('=', 2);
    if (value === '') this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
