type Message = Readonly<Record<string, unknown>>;

/** What is told and not yet delivered is bounded; the oldest goes first. */
const MAX_UNTOLD = 10;

/** Asks a server for the values of one context, and takes along what the page has to tell. */
export class Questions {
  readonly #url: string;
  readonly #hello: Message;
  /** Telemetry messages. */
  #untold: Message[] = [];

  /** @param url of the WebSocket, and `hello` what would be said over it */
  constructor(url: string, hello: Message) {
    this.#url = url.replace(/^ws/, 'http');
    this.#hello = hello;
  }

  add(telemetry: Message): void {
    this.#untold = [...this.#untold, telemetry].slice(-MAX_UNTOLD);
  }

  /** @param path below that of the values; without a `signal` the request outlives the page */
  ask(path: string, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Response> {
    const { key, context, contextHash } = this.#hello;
    const url = new URL(this.#url);
    url.pathname += `/values${path}`;
    return fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ context, contextHash, telemetry: this.#takeUntold() }),
      credentials: 'omit',
      cache: 'no-store',
      ...(signal === undefined ? { keepalive: true } : { signal }),
    });
  }

  /** Tells what is untold, and asks nothing. */
  async tell(): Promise<void> {
    if (this.#untold.length === 0) return;
    await this.ask('', { 'if-none-match': '*' }).catch(() => {});
  }

  /** Lost when the request fails: counts are to be small rather than exact. */
  #takeUntold(): object | undefined {
    const said = this.#untold.splice(0);
    const all = (field: string) => said.flatMap((message) => (message[field] as unknown[] | undefined) ?? []);
    return said.length === 0 ? undefined : { exposures: all('exposures'), events: all('events') };
  }
}
