import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import { startApp, type TestServer } from '../testing/start-app.ts';

export const HOOKS = '/projects/default/webhooks';
export const config = { egressAllow: ['127.0.0.1'], publicUrl: 'https://flags.example.com' };

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Someone who listens. `answers` are the statuses it answers with, the last one from then on. */
export async function startReceiver(answers: number[] = [200], headers: Record<string, string> = {}) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead((answers.length > 1 ? answers.shift() : answers[0]) ?? 200, headers).end('thanks');
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const types = () => received.map(({ body }) => JSON.parse(body).type as string);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received, types };
}

export const makeFlag = ({ call }: TestServer, key: string) =>
  call('POST', '/projects/default/flags', { key, type: 'boolean' });

export async function startWith(input: Record<string, unknown>) {
  const server = await startApp({ config });
  const { status, body } = await server.call('POST', HOOKS, {
    name: 'Hook',
    filter: { actions: ['flag.*'] },
    ...input,
  });
  expect(status).toBe(201);
  const path = `${HOOKS}/${body.id}`;
  const deliveries = async () => (await server.call('GET', `${path}/deliveries`)).body.items;
  /** As if the time to try again had come. */
  const hurry = () => server.app.bunting.database.updateTable('webhook_deliveries').set({ due_at: 0 }).execute();
  return { ...server, secret: body.secret as string, path, deliveries, hurry };
}
