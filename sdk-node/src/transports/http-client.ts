// As a whole, not by names: what tests put in the place of `request` must be found.
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { CLOSE } from '@bunting/core';
import { messageOf, watchSocket } from './reach.ts';
import type { Fault, Loss } from './transport.ts';
import { MAX_MESSAGE_BYTES, unpack } from './unpack.ts';

/** For a request and its answer together. */
const REQUEST_TIMEOUT_MS = 45_000;

/** Of an answer that is only read to explain what went wrong. */
const MAX_COMPLAINT_BYTES = 16 * 1024;

export interface HttpCall {
  readonly method?: 'GET' | 'POST';
  /** Below the stream's own, such as `/snapshot`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** Why there is no answer, or none that is of use. */
export class HttpError extends Error {
  readonly loss: Loss;

  constructor(loss: Loss) {
    super(loss.detail);
    this.loss = loss;
  }
}

/** What a request that failed, or its answer that broke off, means for the connection. */
export function lossOf(cause: unknown): Loss {
  return cause instanceof HttpError ? cause.loss : { closeCode: 0, fault: 'broken', detail: messageOf(cause) };
}

/** Requests to one server with one key, over connections that are kept and do not keep the process alive. */
export class HttpClient {
  readonly #base: URL;
  readonly #key: string;
  readonly #agent: http.Agent;

  /** @param url the stream's, `ws:` or `wss:` */
  constructor(url: string, key: string) {
    this.#base = new URL(url);
    this.#base.protocol = this.#base.protocol === 'wss:' ? 'https:' : 'http:';
    this.#base.pathname = this.#base.pathname.replace(/\/+$/, '');
    this.#key = key;
    this.#agent = this.#isSecure ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
  }

  /**
   * The answer with its text unpacked.
   * @param onBegin called when the answer begins to come
   * @throws {HttpError} when there is none, or it is neither 2xx nor 304
   */
  async call(call: HttpCall, onBegin: () => void = () => {}): Promise<HttpAnswer> {
    const { request, response } = this.open(call);
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer within ${REQUEST_TIMEOUT_MS} ms`)),
      REQUEST_TIMEOUT_MS,
    );
    timer.unref();
    try {
      const answer = await response;
      onBegin();
      const status = answer.statusCode ?? 0;
      const bytes = await read(answer, MAX_MESSAGE_BYTES);
      const text = answer.headers['content-encoding'] === 'gzip' ? await unpack(bytes) : bytes.toString();
      return { status, headers: answer.headers, text };
    } catch (cause) {
      throw cause instanceof HttpError ? cause : new HttpError(lossOf(cause));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a request. The response rejects with an `HttpError` when it is none, or neither 2xx nor 304. */
  open({ method = 'GET', path, query = {}, headers = {}, body }: HttpCall): {
    request: ClientRequest;
    response: Promise<IncomingMessage>;
  } {
    const url = new URL(this.#base);
    url.pathname += path;
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const request = (this.#isSecure ? https : http).request(url, {
      method,
      agent: this.#agent,
      headers: {
        authorization: `Bearer ${this.#key}`,
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...withoutUndefined(headers),
      },
    });
    const faultOf = watchSocket(request);
    const response = new Promise<IncomingMessage>((resolve, reject) => {
      request.on('response', (answer) => {
        const status = answer.statusCode ?? 0;
        if ((status >= 200 && status < 300) || status === 304) return resolve(answer);
        void explain(answer, status).then((loss) => reject(new HttpError(loss)));
      });
      request.on('error', (cause) =>
        reject(new HttpError({ closeCode: 0, fault: faultOf(), detail: messageOf(cause) })),
      );
    });
    // Whoever drops the request need not wait for it.
    response.catch(() => {});
    request.end(body);
    return { request, response };
  }

  close(): void {
    this.#agent.destroy();
  }

  get #isSecure(): boolean {
    return this.#base.protocol === 'https:';
  }
}

async function read(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`an answer of more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What an answer that is no success says. Only the server's own words can refuse a key: a proxy has others. */
async function explain(answer: IncomingMessage, status: number): Promise<Loss> {
  const fault: Fault = status < 500 ? 'denied' : 'broken';
  const unexplained = { closeCode: 0, fault, detail: `HTTP ${status}` };
  try {
    const body: unknown = JSON.parse((await read(answer, MAX_COMPLAINT_BYTES)).toString());
    const { code, message } = body as { code?: unknown; message?: unknown };
    if (typeof code !== 'string' || typeof message !== 'string') return unexplained;
    return { closeCode: closeCodeOf(code), fault, detail: `${message} (${code})` };
  } catch {
    return unexplained;
  }
}

/** The close code that means the same as an error's code; 0 when none does. */
export function closeCodeOf(errorCode: string): number {
  if (errorCode === 'key_refused' || errorCode === 'unauthenticated') return CLOSE.keyRefused;
  return errorCode === 'protocol_unsupported' ? CLOSE.protocolUnsupported : 0;
}

function withoutUndefined(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
