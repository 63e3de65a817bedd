import { Value } from '@sinclair/typebox/value';
import fc from 'fast-check';
import Fastify from 'fastify';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Entry } from '../journal/lines.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { StoreLost } from '../store/store-error.ts';
import type { Database } from '../store/tables.ts';
import { startApp } from '../testing/start-app.ts';
import { KillPost } from './internal-routes.ts';
import { KillJournal } from './kill-journal.ts';
import { Kills } from './kills.ts';

const { log } = Fastify();
const PLACE = { project: 'default', environment: 'production', flag: 'a' };

/** What a server keeps on its disk; the disk outlives the server. */
class Disk {
  readonly #entries = new Map<string, Entry>();

  async keep(kind: string, id: string, document: Entry['document']): Promise<boolean> {
    this.#entries.set(id, { kind, id, document: JSON.parse(JSON.stringify(document)) });
    return true;
  }

  has(_kind: string, id: string): boolean {
    return this.#entries.has(id);
  }

  forget(_kind: string, id: string): void {
    this.#entries.delete(id);
  }

  entries(): Entry[] {
    return [...this.#entries.values()];
  }
}

/** A server with what it was posted and has not read yet. */
class Server {
  readonly #all: Server[];
  readonly #database: Database;
  readonly #state: Parameters<Rulesets['add']>[0];
  readonly #disk = new Disk();
  readonly inbox: KillPost[] = [];
  kills: Kills;
  rulesets: Rulesets;
  /** Ends what the present process still has under way. */
  #end = () => {};

  /** Their posts lie in the inboxes of `all` until someone delivers them. */
  constructor(all: Server[], database: Database, state: Parameters<Rulesets['add']>[0]) {
    this.#all = all;
    this.#database = database;
    this.#state = state;
    [this.rulesets, this.kills] = this.#start();
    all.push(this);
  }

  /** The process is gone without a word, and what it was posted; another one starts on the same disk. */
  async crash(): Promise<void> {
    this.#end();
    this.inbox.length = 0;
    [this.rulesets, this.kills] = this.#start();
    await this.kills.catchUp();
  }

  #start(): [Rulesets, Kills] {
    const rulesets = new Rulesets((error) => expect.unreachable(String(error)));
    rulesets.add(this.#state);
    let isAlive = true;
    this.#end = () => {
      isAlive = false;
    };
    const cluster: Pick<Cluster, 'post' | 'get'> = {
      get: async () => [],
      post: async (_path, body) => {
        if (!Value.Check(KillPost, body)) throw new Error('not what the internal route accepts');
        for (const server of this.#all) if (isAlive && server !== this) server.inbox.push(body);
        return [];
      },
    };
    const metrics = { unstoredKills: { set: () => {} } } as never;
    const database = this.#database;
    const store = {
      engine: 'sqlite' as const,
      get database() {
        if (isAlive) return database;
        throw new StoreLost('the process is gone');
      },
    };
    const journal = new KillJournal(this.#disk);
    return [rulesets, new Kills({ store, rulesets, journal, cluster, metrics, log, now: Date.now })];
  }
}

const server = fc.nat(2);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('kill' as const), server }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('rearm' as const), server }) },
  // `again`: the message stays, and may be delivered once more.
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), server, at: fc.nat(5), again: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lose' as const), server, at: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('catch up' as const), server }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('crash' as const), server }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('database' as const), isWritable: fc.boolean() }) },
);

test('whatever is killed, re-armed, delivered twice, late or never, and whoever crashes: all servers and the database agree', async () => {
  const { app, call } = await startApp();
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const { database, rulesets } = app.bunting;
  const { environmentId, project, environment, revision, committedAtMs } =
    rulesets.named('default', 'production') ?? {};
  const item = rulesets.get(environmentId ?? '')?.item('flag', 'a');
  const state = {
    environmentId,
    project,
    environment,
    revision,
    committedAtMs,
    items: [item],
    recent: [],
    kills: [],
  };
  const setWritable = (isWritable: boolean) =>
    sql`${sql.raw(`pragma query_only = ${isWritable ? 'off' : 'on'}`)}`.execute(database);

  let killed = 0;

  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async (steps) => {
      await setWritable(true);
      await database.deleteFrom('kills').execute();
      const servers: Server[] = [];
      for (let at = 0; at < 3; at += 1) new Server(servers, database, state as never);
      let [lastKill, lastRearm] = [0, 0];
      for (const step of steps) {
        if (step.kind === 'database') {
          await setWritable(step.isWritable);
          continue;
        }
        const server = servers[step.server] as Server;
        const { kills, inbox } = server;
        switch (step.kind) {
          case 'kill':
            if (kills.find(PLACE) === undefined) killed += 1;
            lastKill = Math.max(lastKill, (await kills.engage(SYSTEM, PLACE, 'errors')).epoch);
            expect(kills.find(PLACE)).toBeDefined();
            break;
          case 'rearm':
            // Refused while the database fails, or when nothing is killed.
            await kills.rearm(SYSTEM, PLACE, 'fixed').then(
              ({ epoch }) => {
                lastRearm = Math.max(lastRearm, epoch);
              },
              () => {},
            );
            break;
          case 'crash':
            await server.crash();
            break;
          case 'deliver': {
            const post = inbox[step.at];
            if (!step.again) inbox.splice(step.at, 1);
            for (const record of post?.kills ?? []) kills.receive(record, post?.isStored ?? false);
            break;
          }
          case 'lose':
            inbox.splice(step.at, 1);
            break;
          case 'catch up':
            await kills.catchUp();
        }
      }
      // The database is back; what was never delivered never is.
      await setWritable(true);
      for (const { kills } of servers) await kills.close();
      for (const { kills } of servers) await kills.catchUp();

      const stored = await database.selectFrom('kills').selectAll().execute();
      const expected = stored.map(({ epoch, engaged }) => ({ flag: 'a', epoch, engaged: engaged === 1 }));
      for (const { rulesets } of servers) expect(rulesets.get(environmentId ?? '')?.kills).toEqual(expected);
      const shown = servers.map(({ kills }) => kills.find(PLACE));
      expect(shown).toEqual([shown[0], shown[0], shown[0]]);
      // Nothing that was answered is lost or undone by what comes late; of a kill and a re-arm under one epoch the kill stands.
      if (lastKill > 0)
        expect(expected).toMatchObject([{ epoch: Math.max(lastKill, lastRearm), engaged: lastKill >= lastRearm }]);
    }),
    {
      numRuns: 200,
      // The one that the journal is for.
      examples: [
        [
          [
            { kind: 'database', isWritable: false },
            { kind: 'kill', server: 0 },
            { kind: 'crash', server: 0 },
          ],
        ],
      ],
    },
  );
  // Each kill is told by one event, however many servers stored it.
  const { length } = await database
    .selectFrom('audit_events')
    .select('id')
    .where('action', '=', 'flag.killed')
    .execute();
  expect(length).toBe(killed);
}, 60_000);
