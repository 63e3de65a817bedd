import { join } from 'node:path';
import type { Api } from '../../../tools/demo-api.ts';
import { type Postgres, startPostgresFor } from '../../../tools/postgres.ts';
import { gaugePreload } from '../../processes/ask-gauge.ts';
import { makeKey } from '../../processes/flags.ts';
import { startRelay } from '../../processes/relay.ts';
import { newAdminKey, startServer, type TestServer } from '../../processes/server.ts';
import { makeTempFolder } from '../../processes/temp-folder.ts';
import { allKeys, growingKeys, makeEditedFlags } from '../edited-flags.ts';
import type { PageWitness } from '../page-witness.ts';
import { openPage } from '../scene.ts';
import { Application } from './application.ts';
import { Breakables } from './breakables.ts';
import type { Ledger } from './ledger.ts';
import { MortalProgram } from './mortal-program.ts';
import { PatientApi } from './patient-api.ts';
import { makeWatchedFlags, watchedKeys } from './watched-flags.ts';

const START_ATTEMPTS = 10;

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

/** Servers on one PostgreSQL, a relay, and applications at servers and relay: each way between two of them can be cut. */
export interface Estate {
  readonly breakables: Breakables;
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
export async function startEstate(size: EstateSize, ledger: Ledger, random: () => number): Promise<Estate | undefined> {
  const postgres = await startPostgresFor('the proof of random faults');
  if (postgres === undefined) return undefined;
  /** Of what has been started, also when the next thing does not start. */
  const cleanups: (() => unknown)[] = [() => postgres.stop()];
  const close = async () => {
    postgres.resume();
    for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
  };
  try {
    return { ...(await startAll(size, postgres, cleanups, { ledger, random })), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startAll(
  size: EstateSize,
  postgres: Postgres,
  cleanups: (() => unknown)[],
  { ledger, random }: { readonly ledger: Ledger; readonly random: () => number },
): Promise<Omit<Estate, 'close'>> {
  const folder = makeTempFolder();
  const breakables = new Breakables(random);
  cleanups.push(folder.remove, () => breakables.close());

  const databaseUrl = await postgres.createDatabase();
  const adminKey = newAdminKey();
  const startOne = async (at: number) => {
    const name = `server ${at + 1}`;
    const database = new URL(databaseUrl);
    database.host = new URL(await breakables.way(`${name} to PostgreSQL`, [`http://${database.host}`], true)).host;
    // Where it listens is known only when it does.
    const urls: string[] = [];
    const internalUrl = await breakables.way(`others to ${name}`, urls);
    const { preloads, env } = breakables.of(name);
    const own = {
      ...{ ...env, DATABASE_URL: database.href, BUNTING_INTERNAL_URL: internalUrl },
      ...(at === size.servers - 1 && { BUNTING_WORKERS: String(size.workers) }),
    };
    const program = await supervise(() => startServer({ adminKey, preloads: [gaugePreload, ...preloads], env: own }));
    urls.push(program.url);
    const server = new MortalProgram(name, program, ledger);
    cleanups.push(() => server.remove());
    return server;
  };
  // The first one makes the tables.
  const first = await startOne(0);
  const others = await Promise.all(Array.from({ length: size.servers - 1 }, (_, at) => startOne(at + 1)));
  const servers = [first, ...others];
  const urls = servers.map(({ program }) => program.url);
  const { api } = first.program;
  await makeEditedFlags(api);
  await makeWatchedFlags(api);

  const { secret: relayKey } = await makeKey(api, 'relay');
  const { preloads, env } = breakables.of('relay');
  const upstream = await breakables.way('relay to servers', urls);
  const relayProgram = await startRelay(upstream, relayKey, { preloads: [gaugePreload, ...preloads], env });
  const relay = new MortalProgram('relay', relayProgram, ledger);
  cleanups.push(() => relay.remove());

  const { secret: sdkKey } = await makeKey(api, 'server');
  const startApplication = async (at: number) => {
    const name = `application ${at + 1}`;
    // Every second one is at the relay.
    const [where, targets] = at % 2 === 0 ? ['servers', urls] : ['relay', [relay.program.url]];
    const application = await Application.start(
      {
        ...{ name, sdkKey, instances: size.instances, cacheDir: join(folder.path, name.replace(' ', '-')) },
        ...{ url: await breakables.way(`${name} to ${where}`, targets), ...breakables.of(name) },
        ...{ numbers: allKeys, growing: growingKeys, watched: watchedKeys },
      },
      ledger,
    );
    cleanups.push(() => application.stop());
    return application;
  };
  const applications = await Promise.all(Array.from({ length: size.applications }, (_, at) => startApplication(at)));
  const page = size.withPage ? await openPage(api, await breakables.way('page to servers', urls)) : undefined;
  cleanups.push(
    () => page?.close(),
    // What fell silent would keep servers from ending in good order.
    () => breakables.resetAll(),
  );
  return { breakables, postgres, servers, relay, applications, page, apis: [apiOf(first), ...others.map(apiOf)] };
}

/** A busy machine takes its time to make PostgreSQL's processes: a server that cannot start by then says so, and is started again. */
async function supervise<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

function apiOf({ program }: MortalProgram<TestServer>): PatientApi {
  return new PatientApi(program.url, program.adminKey);
}
