import { Value } from '@sinclair/typebox/value';
import fc from 'fast-check';
import Fastify from 'fastify';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import type { Database } from '../store/tables.ts';
import { startApp } from '../testing/start-app.ts';

import { KillPost } from './internal-routes.ts';
import { Kills } from './kills.ts';

const { log } = Fastify();
const PLACE = { project: 'default', environment: 'production', flag: 'a' };

/** A server with what it was posted and has not read yet. */
interface Server {
  readonly kills: Kills;
  readonly rulesets: Rulesets;
  readonly inbox: KillPost[];
}

/** Servers that share a database. Their posts lie in the inboxes until someone delivers them. */
function startServers(database: Database, state: Parameters<Rulesets['add']>[0], count: number): Server[] {
  const servers: Server[] = [];
  for (let at = 0; at < count; at += 1) {
    const rulesets = new Rulesets((error) => expect.unreachable(String(error)));
    rulesets.add(state);
    const inbox: KillPost[] = [];
    const cluster: Pick<Cluster, 'post' | 'get'> = {
      get: async () => [],
      post: async (_path, body) => {
        if (!Value.Check(KillPost, body)) throw new Error('not what the internal route accepts');
        for (const [other, server] of servers.entries()) if (other !== at) server.inbox.push(body);
        return [];
      },
    };
    const metrics = { unstoredKills: { set: () => {} } } as never;
    const store = { engine: 'sqlite', database } as const;
    servers.push({ kills: new Kills({ store, rulesets, cluster, metrics, log, now: Date.now }), rulesets, inbox });
  }
  return servers;
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
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('database' as const), isWritable: fc.boolean() }) },
);

test('whatever is killed, re-armed, delivered twice, late, in any order or never: all servers and the database agree', async () => {
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
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      await setWritable(true);
      await database.deleteFrom('kills').execute();
      const servers = startServers(database, state as never, 3);
      const engagedEpochs = new Set<number>();
      for (const step of steps) {
        if (step.kind === 'database') {
          await setWritable(step.isWritable);
          continue;
        }
        const { kills, inbox } = servers[step.server] as Server;
        switch (step.kind) {
          case 'kill':
            if (kills.find(PLACE) === undefined) killed += 1;
            engagedEpochs.add((await kills.engage(SYSTEM, PLACE, 'errors')).epoch);
            expect(kills.find(PLACE)).toBeDefined();
            break;
          case 'rearm':
            // Refused while the database fails, or when nothing is killed.
            await kills.rearm(SYSTEM, PLACE, 'fixed').catch(() => {});
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
      // Of a kill and a re-arm under one epoch the kill stands.
      const [last] = expected;
      if (last !== undefined && engagedEpochs.has(last.epoch)) expect(last.engaged).toBe(true);
    }),
    { numRuns: 150 },
  );
  // Each kill is told by one event, however many servers stored it.
  const { length } = await database
    .selectFrom('audit_events')
    .select('id')
    .where('action', '=', 'flag.killed')
    .execute();
  expect(length).toBe(killed);
}, 60_000);
