import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What was asked by one request. */
export interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly query: string;
  /** Seconds since 1970. */
  readonly time: number;
}

/** A server that speaks as Prometheus does: answers each query as it is told to. */
export async function startPrometheus(answer: (asked: Asked, response: ServerResponse) => void) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await readBody(request));
    const one = {
      path: request.url ?? '',
      authorization: request.headers.authorization,
      ...{ query: form.get('query') ?? '', time: Number(form.get('time')) },
    };
    asked.push(one);
    answer(one, response);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** As Prometheus 2.42 answers an instant query; a number for each series. */
export function vector(...values: readonly (number | string)[]): string {
  const result = values.map((value, at) => ({
    metric: { instance: `${at}` },
    value: [1_780_000_000.123, String(value)],
  }));
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
