import { connect, type Socket } from 'node:net';

/**
 * One keep-alive connection that asks again as soon as it has its answer. Written on a bare socket: an HTTP client costs
 * more than the server under test.
 */
export class Caller {
  readonly #socket: Socket;
  readonly #nextBody: () => string;
  readonly #head: string;
  #received = '';
  #isStopped = false;
  answers = 0;
  bytes = 0;
  /** Statuses that were not expected, by count. */
  readonly odd = new Map<string, number>();

  constructor(url: URL, headers: Readonly<Record<string, string>>, nextBody: () => string) {
    this.#nextBody = nextBody;
    const lines = Object.entries({ host: url.host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#head = `POST ${url.pathname} HTTP/1.1\r\n${lines.join('')}`;
    this.#socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    this.#socket.setEncoding('latin1').on('data', (text: string) => this.#receive(text));
    this.#socket.on('error', () => this.#count('connection failed'));
    this.#ask();
  }

  stop(): void {
    this.#isStopped = true;
    this.#socket.destroy();
  }

  #ask(): void {
    const body = this.#nextBody();
    this.#socket.write(`${this.#head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #receive(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd === -1 || this.#isStopped) return;
    const head = this.#received.slice(0, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#received.length < headEnd + 4 + length) return;
    const status = head.slice(9, 12);
    if (status !== '200') this.#count(status);
    this.answers += 1;
    this.bytes += headEnd + 4 + length;
    this.#received = '';
    this.#ask();
  }

  #count(what: string): void {
    this.odd.set(what, (this.odd.get(what) ?? 0) + 1);
  }
}
