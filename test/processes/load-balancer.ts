import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type Child, spawnChild } from '../../tools/child.ts';
import { type DebianProgram, findProgramFor } from '../../tools/debian.ts';
import { root } from '../../tools/steps.ts';
import { track } from './started.ts';
import { makeTempFolder } from './temp-folder.ts';
import { waitFor } from './wait.ts';

/** A real load balancer before two versions of a service, configured by the files of `deploy`. */
export interface LoadBalancer {
  /** Where users go. */
  readonly url: string;
  /** What may be written to: the server's `trafficPaths`. */
  readonly folder: string;
  /** The server's `trafficNginx`. */
  readonly nginx: string;
  /** As the API takes it, but for its name. */
  readonly target: { readonly kind: string; readonly settings: Readonly<Record<string, unknown>> };
  /** As its packages reload it: with the configuration that lies on the disk. */
  reload(): Promise<void>;
  /** Ends it, and starts it anew. */
  restart(): Promise<void>;
  /** Ends it; it can be restarted. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export type LoadBalancerName = 'haproxy' | 'nginx' | 'caddy';

/** What one of them needs besides its program. */
interface Recipe {
  /** The files of `deploy/<name>` that are copied, after what stands for the machine in them was replaced. */
  readonly files: readonly string[];
  args(folder: string): readonly string[];
  target(place: Place): LoadBalancer['target'];
  reload(running: Running): Promise<void> | void;
}

interface Place {
  readonly folder: string;
  readonly url: string;
  readonly admin: string;
}

interface Running extends Place {
  readonly child: Child;
  run(...args: readonly string[]): Promise<void>;
}

const RECIPES: Readonly<Record<LoadBalancerName, Recipe>> = {
  haproxy: {
    files: ['haproxy.cfg', 'shop.map'],
    args: (folder) => ['-W', '-f', join(folder, 'haproxy.cfg')],
    target: ({ folder }) => ({
      kind: 'haproxy',
      settings: {
        ...{ runtime: join(folder, 'haproxy.sock'), map: join(folder, 'shop.map'), file: join(folder, 'shop.map') },
        backends: { candidate: 'shop_candidate', baseline: 'shop_baseline' },
      },
    }),
    reload: ({ child }) => child.signal('SIGUSR2'),
  },
  nginx: {
    files: ['nginx.conf', 'shop.conf'],
    args: (folder) => ['-e', 'stderr', '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'],
    target: ({ folder, url }) => ({
      kind: 'nginx',
      settings: {
        ...{ include: join(folder, 'shop.conf'), config: join(folder, 'nginx.conf') },
        ...{ status: `${url}/.bunting`, shadow: true },
      },
    }),
    reload: ({ child }) => child.signal('SIGHUP'),
  },
  caddy: {
    files: ['caddy.json'],
    // It goes on with what it had in force, not with the file.
    args: (folder) => ['run', '--resume', '--config', join(folder, 'caddy.json')],
    target: ({ admin }) => ({ kind: 'caddy', settings: { admin, id: 'shop_candidate' } }),
    reload: ({ run, folder, admin }) =>
      run('reload', '--force', '--config', join(folder, 'caddy.json'), '--address', admin.replace('http://', '')),
  },
};

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/**
 * Starts one. Undefined where there is none to be had, after a line that says what is left out and why.
 * @param sides ports on 127.0.0.1 that the versions listen on
 */
export async function startLoadBalancer(
  name: LoadBalancerName,
  what: string,
  sides: { readonly baseline: number; readonly candidate: number },
): Promise<LoadBalancer | undefined> {
  const program = await findProgramFor(what, name);
  if (program === undefined) return undefined;
  const { path: folder, remove } = makeTempFolder();
  // The workers of NGINX are nobody.
  chmodSync(folder, 0o755);
  const [port, adminPort] = [await freePort(), await freePort()];
  const place: Place = { folder, url: `http://127.0.0.1:${port}`, admin: `http://127.0.0.1:${adminPort}` };
  const recipe = RECIPES[name];
  for (const file of recipe.files) {
    const text = readFileSync(join(root, 'deploy', name, file), 'utf8')
      .replaceAll('/run/bunting', folder)
      .replaceAll('127.0.0.1:3001', `127.0.0.1:${sides.baseline}`)
      .replaceAll('127.0.0.1:3002', `127.0.0.1:${sides.candidate}`)
      .replaceAll('127.0.0.1:2019', `127.0.0.1:${adminPort}`)
      // Packages that are installed made folders for these.
      .replace(
        'http {',
        `http {\n  access_log off;${TEMPORARY.map((of) => `\n  ${of}_temp_path ${folder}/${of};`).join('')}`,
      )
      .replaceAll(/(bind |listen |\[")[*]?:?8080/g, `$1127.0.0.1:${port}`);
    writeFileSync(join(folder, file), text);
  }
  const start = (args: readonly string[]) => spawn(name, program, folder, args);
  const begin = async () => {
    const child = start(recipe.args(folder));
    let how: number | string | undefined;
    void child.ended.then((ended) => {
      how = ended;
    });
    const isUp = () =>
      fetch(place.url).then(
        () => true,
        () => false,
      );
    await waitFor(`${name} to answer`, () => how !== undefined || isUp());
    if (how !== undefined) {
      throw new Error(`${name} ended (${how}): ${readFileSync(join(folder, `${name}.log`), 'utf8')}`);
    }
    return child;
  };
  let child = await begin();
  const stop = () => child.stop();
  const run = async (...args: readonly string[]) => {
    const ended = await start(args).ended;
    if (ended !== 0) throw new Error(`${name} ${args.join(' ')} ended with ${ended}`);
  };
  return {
    ...{ url: place.url, folder, nginx: wrapper(program, folder), target: recipe.target(place), stop },
    reload: async () => recipe.reload({ ...place, child, run }),
    restart: async () => {
      await stop();
      child = await begin();
    },
    remove: async () => {
      await stop();
      remove();
    },
  };
}

/** All its files in its folder. */
function spawn(name: string, { path, env, cwd }: DebianProgram, folder: string, args: readonly string[]): Child {
  const own = { ...env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
  return track(spawnChild({ name, path, args, env: own, cwd, logFile: join(folder, `${name}.log`) }));
}

/** A program that is not installed needs to be told where its libraries are. */
function wrapper({ path, env }: DebianProgram, folder: string): string {
  const file = join(folder, 'run');
  const variables = Object.entries(env).map(([key, value]) => `${key}='${value}' `);
  writeFileSync(file, `#!/bin/sh\n${variables.join('')}exec '${path}' "$@"\n`, { mode: 0o755 });
  return file;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
