import { join } from 'node:path';
import type { Api } from '../../../tools/demo-api.ts';
import { type Postgres, startPostgresFor } from '../../../tools/postgres.ts';
import { gaugePreload } from '../../processes/ask-gauge.ts';
import { type FillableDisk, makeFillableDisk } from '../../processes/fillable-disk.ts';
import { makeKey } from '../../processes/flags.ts';
import { TcpProxy } from '../../processes/proxy.ts';
import { startRelay } from '../../processes/relay.ts';
import { newAdminKey, startServer, type TestServer } from '../../processes/server.ts';
import { makeShiftedClock, type ShiftedClock } from '../../processes/shifted-clock.ts';
import { makeTempFolder } from '../../processes/temp-folder.ts';
import { allKeys, growingKeys, makeEditedFlags } from '../edited-flags.ts';
import type { PageWitness } from '../page-witness.ts';
import { openPage } from '../scene.ts';
import { Application } from './application.ts';
import type { Ledger } from './ledger.ts';
import { MortalProgram } from './mortal-program.ts';
import { PatientApi } from './patient-api.ts';
import { makeWatchedFlags, watchedKeys } from './watched-flags.ts';

export interface EstateSize {
  readonly servers: number;
  readonly applications: number;
  /** Of each application. */
  readonly instances: number;
  /** Of the last server. */
  readonly workers: number;
  /** Whether a page in a real browser takes part, where there is one. */
  readonly withPage: boolean;
}

/** What can be broken besides processes: by the name of whose it is. */
interface Breakable {
  readonly disks: ReadonlyMap<string, FillableDisk>;
  readonly clocks: ReadonlyMap<string, ShiftedClock>;
  /** What connections pass through. */
  readonly ways: ReadonlyMap<string, TcpProxy>;
}

/** Servers on one PostgreSQL, a relay, and applications at servers and relay: each way between two of them can be cut. */
export interface Estate extends Breakable {
  readonly postgres: Postgres;
  readonly servers: readonly MortalProgram<TestServer>[];
  readonly relay: MortalProgram;
  readonly applications: readonly Application[];
  readonly page: PageWitness | undefined;
  readonly apis: readonly [Api, ...Api[]];
  /** Blames processes for what they logged, and removes all. */
  close(): Promise<void>;
}

/** @returns undefined where there is no PostgreSQL, which is said */
export async function startEstate(
  { servers: serverCount, applications: applicationCount, instances, workers, withPage }: EstateSize,
  ledger: Ledger,
  random: () => number,
): Promise<Estate | undefined> {
  const postgres = await startPostgresFor('the proof of random faults');
  if (postgres === undefined) return undefined;
  const folder = makeTempFolder();
  const [disks, clocks, ways] = [
    new Map<string, FillableDisk>(),
    new Map<string, ShiftedClock>(),
    new Map<string, TcpProxy>(),
  ];
  const way = async (name: string, targets: readonly string[], isRaw = false) => {
    const proxy = await TcpProxy.start(targets, random, isRaw);
    ways.set(name, proxy);
    return proxy.url;
  };
  /** What a process is started with, so that its disk and its clock can be broken. */
  const mortality = (name: string) => {
    const [disk, clock] = [makeFillableDisk(), makeShiftedClock()];
    disks.set(name, disk);
    clocks.set(name, clock);
    return { preloads: [disk.preload, clock.preload], env: { ...disk.env, ...clock.env } };
  };

  const databaseUrl = new URL(await postgres.createDatabase());
  const adminKey = newAdminKey();
  const startOne = async (at: number) => {
    const name = `server ${at + 1}`;
    const database = new URL(databaseUrl);
    const { port } = new URL(await way(`${name} to PostgreSQL`, [`http://127.0.0.1:${postgres.port}`], true));
    database.port = port;
    // Where it listens is known only when it does.
    const urls: string[] = [];
    const internalUrl = await way(`others to ${name}`, urls);
    const { preloads, env } = mortality(name);
    const observed = [gaugePreload, ...preloads];
    const own = {
      ...{ ...env, DATABASE_URL: database.href, BUNTING_INTERNAL_URL: internalUrl },
      ...(at === serverCount - 1 && { BUNTING_WORKERS: String(workers) }),
    };
    const server = await startServer({ adminKey, preloads: observed, env: own });
    urls.push(server.url);
    return new MortalProgram(name, server, ledger);
  };
  // The first one makes the tables.
  const first = await startOne(0);
  const others = await Promise.all(Array.from({ length: serverCount - 1 }, (_, at) => startOne(at + 1)));
  const servers = [first, ...others];
  const { api } = first.program;
  const urls = servers.map(({ program }) => program.url);

  await makeEditedFlags(api);
  await makeWatchedFlags(api);
  const relayKey = (await makeKey(api, 'relay')).secret;
  const upstream = await way('relay to servers', urls);
  const { preloads, env } = mortality('relay');
  const relayProgram = await startRelay(upstream, relayKey, { preloads: [gaugePreload, ...preloads], env });
  const relay = new MortalProgram('relay', relayProgram, ledger);

  const { secret: sdkKey } = await makeKey(api, 'server');
  const startApplication = async (at: number) => {
    const name = `application ${at + 1}`;
    // Every second one is at the relay.
    const url = await way(
      `${name} to ${at % 2 === 0 ? 'servers' : 'relay'}`,
      at % 2 === 0 ? urls : [relay.program.url],
    );
    const cacheDir = join(folder.path, name.replace(' ', '-'));
    const keys = { numbers: allKeys, growing: growingKeys, watched: watchedKeys };
    return Application.start({ name, url, sdkKey, cacheDir, instances, ...keys, ...mortality(name) }, ledger);
  };
  const applications = await Promise.all(Array.from({ length: applicationCount }, (_, at) => startApplication(at)));
  const page = withPage ? await openPage(api, await way('page to servers', urls)) : undefined;
  return {
    ...{ page, postgres, servers, relay, applications, disks, clocks, ways },
    apis: [apiOf(first), ...others.map(apiOf)],
    async close() {
      postgres.resume();
      // What fell silent would keep servers from ending in good order.
      for (const proxy of ways.values()) proxy.resetAll();
      await page?.close();
      await Promise.all(applications.map((application) => application.stop()));
      await relay.remove();
      await Promise.all(servers.map((server) => server.remove()));
      await Promise.all([...ways.values()].map((proxy) => proxy.close()));
      for (const { remove } of [...disks.values(), ...clocks.values(), folder]) remove();
      await postgres.stop();
    },
  };
}

function apiOf({ program }: MortalProgram<TestServer>): PatientApi {
  return new PatientApi(program.url, program.adminKey);
}
