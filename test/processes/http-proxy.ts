import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';

/** What a proxy between SDKs and a server does to them. May be changed while it runs. */
export interface HttpProxyRules {
  /** The status that upgrades are answered with; undefined: they pass. */
  upgradeStatus?: number | undefined;
  /** Paths that are answered with a status of the proxy's own. */
  readonly statusOf: Map<string, number>;
  /** The path under which it has the server's `/stream`; undefined: the same. */
  readonly mount?: string;
  /** Cuts the connection of a response to `path` once more than this many bytes of it have passed. */
  cut?: { readonly path: string; afterBytes: number } | undefined;
}

/** A request that passed, as the server answered it. */
interface Passed {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface HttpProxy {
  readonly url: string;
  readonly rules: HttpProxyRules;
  /** Every request that was answered, in order; upgrades are not among them. */
  readonly passed: readonly Passed[];
  close(): Promise<void>;
}

/** An HTTP proxy as companies have them: it understands requests, and cuts what it was told to. */
export async function startHttpProxy(upstream: string, first: Partial<HttpProxyRules> = {}): Promise<HttpProxy> {
  const rules: HttpProxyRules = { statusOf: new Map(), ...first };
  const passed: Passed[] = [];
  const sockets = new Set<Socket>();
  const { hostname, port } = new URL(upstream);
  const onwardUrl = (url = '') => (rules.mount === undefined ? url : url.replace(rules.mount, '/stream'));
  const note = ({ method = '', url = '' }: IncomingMessage, status: number) => {
    passed.push({ method, path: pathOf(url), status });
  };

  const server = createServer((incoming, response) => {
    const path = pathOf(incoming.url ?? '');
    const status = rules.statusOf.get(path);
    if (status !== undefined) {
      note(incoming, status);
      response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>The proxy says no</h1>');
      return;
    }
    const { method, url, headers } = incoming;
    const outgoing = request({ hostname, port, method, path: onwardUrl(url), headers }, (answer) => {
      note(incoming, answer.statusCode ?? 0);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      const cut = rules.cut?.path === path ? rules.cut : undefined;
      pass(answer, response, cut?.afterBytes);
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  server.on('connection', (socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
  });
  server.on('upgrade', (incoming, socket: Socket, head) => {
    const status = rules.upgradeStatus;
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const onward = connect(Number(port), hostname, () => {
      const lines = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${value}`);
      onward.write(`GET ${onwardUrl(incoming.url)} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    sockets.add(onward.on('error', () => socket.destroy()).on('close', () => socket.destroy()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rules,
    passed,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** @param afterBytes cuts the connection after so many; the last piece passes in part, so that an event is cut within */
function pass(answer: IncomingMessage, response: ServerResponse, afterBytes = Number.POSITIVE_INFINITY): void {
  let left = afterBytes;
  answer.on('data', (chunk: Buffer) => {
    if (chunk.length <= left) response.write(chunk);
    else response.write(chunk.subarray(0, left), () => response.socket?.destroy());
    left = Math.max(0, left - chunk.length);
  });
  answer.on('end', () => response.end());
  answer.on('error', () => response.destroy());
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
