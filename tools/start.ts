import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { type Child, startChild } from './child.ts';
import { keepAdminKey, prepareDemo } from './demo.ts';
import { balancerFolder, startBalancer } from './demo-balancer.ts';
import { prepareRelease } from './demo-release.ts';

/**
 * `npm start`: builds, then runs the server (which hosts the admin UI) and, as a live demo, a shop with simulated
 * visitors. `--no-demo` runs the server alone, its log on the terminal. `--port N` asks for a port (default: 4242, or
 * any free one when that is taken). `--data-dir DIR` keeps the data elsewhere (default `./data`).
 */
const usage = 'npm start -- [--no-demo] [--port N] [--data-dir DIR]';
const preferredPort = 4242;
const children: Child[] = [];
let stopping = false;

process.on('SIGINT', () => void stopAll(0));
process.on('SIGTERM', () => void stopAll(0));

try {
  await start();
} catch (error) {
  console.error(`bunting: ${error instanceof Error ? error.message : String(error)}`);
  await stopAll(1);
}

async function start(): Promise<void> {
  const options = readOptions();
  if (!(await build())) throw new Error('the build failed; the output above says why.');
  if (stopping) return;
  const dataDir = resolve(options['data-dir']);
  mkdirSync(dataDir, { recursive: true });
  const port = options.port ?? String(await freePort());

  if (options['no-demo']) {
    const server = startChild('server', serverCommand(dataDir, port), {}, undefined);
    watch(server);
    await server.ended;
    return;
  }

  const adminKey = keepAdminKey(dataDir);
  // The demo has a database of its own, whatever the shell is set to.
  const environment = {
    ...{ BUNTING_BOOTSTRAP_ADMIN_KEY: adminKey, BUNTING_DATABASE_URL: '', DATABASE_URL: '' },
    // The load balancer is on this machine.
    BUNTING_TRAFFIC_PATHS: balancerFolder(dataDir),
    BUNTING_EGRESS_ALLOW: [process.env.BUNTING_EGRESS_ALLOW ?? '', '127.0.0.1'].join(' ').trim(),
  };
  const server = startChild('server', serverCommand(dataDir, port), environment, `${dataDir}/server.log`);
  watch(server);
  const serverUrl = (await server.line(/listening on (http\S+)/))[1] ?? '';
  const setupUrl = (await needsOwner(serverUrl)) ? (await server.line(/owner account at (http\S+)/))[1] : undefined;

  const { sdkKey } = await prepareDemo({ serverUrl, adminKey, dataDir });
  const shopEnvironment = { BUNTING_URL: serverUrl, BUNTING_SDK_KEY: sdkKey, SHOP_PORT: '0', SHOP_NEXT_PORT: '0' };
  const shop = startChild('shop', ['examples/shop/dist/main.js'], shopEnvironment, `${dataDir}/shop.log`);
  watch(shop);
  const baselineUrl = (await shop.line(/shop: listening on (http\S+)/))[1] ?? '';
  const candidateUrl = (await shop.line(/version 2 listening on (http\S+)/))[1] ?? '';
  const balancer = await startBalancer(dataDir, { baselineUrl, candidateUrl });
  watch(balancer.child);
  const { url: shopUrl } = balancer;
  // So many that a safeguard sees a broken checkout within half a minute.
  const crowd = { SHOP_URL: shopUrl, VISITS_PER_SECOND: '8', VISITORS: '100' };
  watch(startChild('visitors', ['examples/shop/dist/visitors.js'], crowd, `${dataDir}/visitors.log`));

  await prepareRelease(serverUrl, adminKey, balancer.target);
  greet({ serverUrl, shopUrl, setupUrl, dataDir, balancer: balancer.name });
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        'no-demo': { type: 'boolean', default: false },
        port: { type: 'string' },
        'data-dir': { type: 'string', default: 'data' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\nUsage: ${usage}`);
  }
}

function serverCommand(dataDir: string, port: string): string[] {
  return ['server/dist/main.js', 'serve', '--data-dir', dataDir, '--port', port];
}

/** Whether the server printed a one-time link: it does so at every start until there is an owner. */
async function needsOwner(serverUrl: string): Promise<boolean> {
  const { required } = (await (await fetch(`${serverUrl}/api/v1/setup`)).json()) as { required: boolean };
  return required;
}

/** The preferred port, or 0 (any free one) when something already listens there. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen(preferredPort, '127.0.0.1', () => probe.close(() => resolve(preferredPort)));
  });
}

/** When one of the processes ends by itself, the rest ends with it: a demo with a hole explains nothing. */
function watch(child: Child): void {
  children.push(child);
  void child.ended.then((how) => {
    if (stopping) return;
    console.error(`bunting: the ${child.name} ended (${how}).`);
    void stopAll(1);
  });
}

/** Ends the processes in the reverse of the order they were started in, so that nobody loses what it stands on. */
async function stopAll(exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  for (const child of children.toReversed()) await child.stop();
  process.exit(exitCode);
}

function greet(links: {
  serverUrl: string;
  shopUrl: string;
  setupUrl: string | undefined;
  dataDir: string;
  balancer: string;
}): void {
  const signIn = links.setupUrl
    ? `First, create your account:  ${links.setupUrl}`
    : `Sign in:                     ${links.serverUrl}/sign-in`;
  console.log(`
Bunting is running.

  Admin UI:                    ${links.serverUrl}
  Shop (decided by flags):     ${links.shopUrl}
  Its visitors, live:          ${links.shopUrl}/visitors
  API documentation:           ${links.serverUrl}/docs

  ${signIn}

  Then try this: open the shop's visitors page beside the admin UI, find the flag new-checkout and
  change its percentage in development. Watch the visitors change checkout, and the line that says
  on how many SDK instances your change is in effect, after how many milliseconds.

  Meanwhile version 2 of the shop is being released: ${links.balancer} sends it 5, 20, 50, then 100 % of the
  visitors, 30 seconds each. Watch it in the admin UI under Releases; press "Break version 2" on the visitors
  page, and everyone is taken back within seconds. In Releases, Retry or Duplicate begins anew.

  Data and logs: ${links.dataDir}      Stop: Ctrl-C
`);
}
