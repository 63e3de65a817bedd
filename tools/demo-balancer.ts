import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type Child, spawnChild, startChild } from './child.ts';
import { type DebianProgram, findProgram } from './debian.ts';
import type { DemoTarget } from './demo-release.ts';
import { root } from './steps.ts';

/** What divides the shop's visitors between its two versions. */
interface DemoBalancer {
  readonly child: Child;
  /** Where visitors go. */
  readonly url: string;
  /** What it is, for people. */
  readonly name: string;
  readonly target: DemoTarget;
}

interface Sides {
  readonly baselineUrl: string;
  readonly candidateUrl: string;
}

/** Sockets have short names: longer ones the operating system refuses. */
const MAX_SOCKET_CHARS = 100;

/** Where HAProxy has its files: the server must be allowed to touch them. */
export function balancerFolder(dataDir: string): string {
  return join(dataDir, 'haproxy');
}

/** HAProxy where it is installed, or was fetched for tests; else a small one of the shop's own. */
export async function startBalancer(dataDir: string, sides: Sides): Promise<DemoBalancer> {
  const socket = join(balancerFolder(dataDir), 'haproxy.sock');
  const program =
    socket.length > MAX_SOCKET_CHARS
      ? undefined
      : await findProgram('haproxy', { mayFetch: false }).catch(() => undefined);
  return program === undefined ? startRouter(dataDir, sides) : startHaproxy(dataDir, program, socket, sides);
}

/** With the configuration of `deploy`. */
async function startHaproxy(
  dataDir: string,
  { path, env, cwd }: DebianProgram,
  socket: string,
  { baselineUrl, candidateUrl }: Sides,
): Promise<DemoBalancer> {
  const folder = balancerFolder(dataDir);
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const read = (file: string) => readFileSync(join(root, 'deploy/haproxy', file), 'utf8');
  const config = read('haproxy.cfg')
    .replaceAll('/run/bunting', folder)
    .replaceAll('127.0.0.1:3001', new URL(baselineUrl).host)
    .replaceAll('127.0.0.1:3002', new URL(candidateUrl).host)
    .replace('bind :8080', `bind 127.0.0.1:${port}`);
  writeFileSync(join(folder, 'haproxy.cfg'), config);
  const map = join(folder, 'shop.map');
  // The share that was set last outlives a restart.
  if (!existsSync(map)) writeFileSync(map, read('shop.map'));
  const args = ['-W', '-f', join(folder, 'haproxy.cfg')];
  const child = spawnChild({ name: 'HAProxy', path, args, env, cwd, logFile: join(dataDir, 'haproxy.log') });
  const backends = { candidate: 'shop_candidate', baseline: 'shop_baseline' };
  const target = { kind: 'haproxy', settings: { runtime: socket, map, file: map, backends } };
  return { child, url: `http://127.0.0.1:${port}`, name: 'HAProxy', target };
}

async function startRouter(dataDir: string, { baselineUrl, candidateUrl }: Sides): Promise<DemoBalancer> {
  const { port, secret } = await keepRouter(dataDir);
  const env = {
    ROUTER_ADMIN_PORT: String(port),
    ROUTER_SECRET: secret,
    ROUTER_STATE_FILE: join(dataDir, 'router-state.json'),
    ...{ BASELINE_URL: baselineUrl, CANDIDATE_URL: candidateUrl },
  };
  const child = startChild('router', ['examples/shop/dist/router.js'], env, join(dataDir, 'router.log'));
  const url = (await child.line(/listening on (http\S+)/))[1] ?? '';
  const capabilities = { atomic: true, sticky: true, lease: true, drain: true, fenced: true };
  const settings = { url: `http://127.0.0.1:${port}/`, counts: true, capabilities };
  return { child, url, name: "the shop's own router", target: { kind: 'webhook', settings, secrets: { secret } } };
}

interface KeptRouter {
  readonly port: number;
  readonly secret: string;
}

/** The same at each start: a release that is under way knows where it was. */
async function keepRouter(dataDir: string): Promise<KeptRouter> {
  const file = join(dataDir, 'router.json');
  try {
    const { port, secret } = JSON.parse(readFileSync(file, 'utf8')) as Partial<KeptRouter>;
    if (typeof port === 'number' && typeof secret === 'string') return { port, secret };
  } catch {
    // There is none, or it is damaged: a new one is made.
  }
  const kept = { port: await freePort(), secret: `whsec_${randomBytes(32).toString('base64')}` };
  writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
  return kept;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
