import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { FuzzRequest } from './requests.ts';

export interface FuzzAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** From the first byte sent to the last byte read, but for streams, in milliseconds. */
  readonly tookMs: number;
}

/** So long an answer that goes on is read. */
const STREAM_MS = 150;
/** Nothing takes as long as that. */
const TIMEOUT_MS = 20_000;

/** Sends requests over kept connections. */
export class Sender {
  readonly #url: URL;
  readonly #agent: Agent;

  constructor(serverUrl: string, sockets: number) {
    this.#url = new URL(serverUrl);
    this.#agent = new Agent({ keepAlive: true, maxSockets: sockets });
  }

  /** @returns undefined when no answer was waited for. @throws when the server ends the connection or says nothing */
  send(request: FuzzRequest, id: string): Promise<FuzzAnswer | undefined> {
    const { method, target, caller, body, cutAt } = request;
    const startMs = performance.now();
    return new Promise((resolve, reject) => {
      const sent = httpRequest({
        host: this.#url.hostname,
        port: this.#url.port,
        agent: this.#agent,
        method,
        path: sendable(target),
        headers: {
          'x-request-id': id,
          ...caller.headers,
          ...(body === undefined ? {} : { 'content-length': body.length }),
          ...request.headers,
        },
        timeout: TIMEOUT_MS,
      });
      // What cannot be read as a request is answered without knowing that it was a HEAD: the words then follow the head.
      const isHead = method === 'HEAD';
      const fail = (error: Error & { code?: string }) =>
        isHead && error.code === 'HPE_CLOSED_CONNECTION' ? resolve(undefined) : reject(error);
      sent.on('error', fail);
      sent.on('timeout', () => sent.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
      sent.on('upgrade', (_response, socket) => {
        socket.destroy();
        resolve(undefined);
      });
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        const headMs = performance.now() - startMs;
        const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
        const finish = () => {
          const tookMs = isStream ? headMs : performance.now() - startMs;
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, tookMs });
        };
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', finish);
        response.on('error', finish);
        if (isStream) setTimeout(() => response.destroy(), STREAM_MS);
        response.on('close', finish);
      });
      if (body === undefined || cutAt === undefined) {
        sent.end(body);
        return;
      }
      sent.off('error', fail).on('error', () => resolve(undefined));
      sent.write(body.subarray(0, cutAt), () => sent.destroy());
    });
  }

  /** Ends the connections that are kept. */
  rest(): void {
    this.#agent.destroy();
  }
}

/** What Node would refuse to send is written as bytes that it takes. */
function sendable(target: string): string {
  return target.replace(/[^\x21-\xff]/gu, (character) => encodeURIComponent(Buffer.from(character).toString()));
}
