import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { Dozer } from './dozer.ts';
import { openReleases, type ReleaseScene, type Router, startReleaseServer } from './release-scene.ts';
import { ReleaseWorld } from './release-world.ts';
import { readPlan } from './seeded.ts';

/*
 * Several releases of one flag and one traffic target, two servers that look after them, and people who start, supersede,
 * pause, abort, roll back and retry, in any order. A server may be stopped at any of its calls, for as long as it likes, and
 * goes on then as if nothing had happened.
 */

const { seed, size: numRuns } = readPlan({ sample: 10, whole: 1_500 });
const RELEASES = '/projects/default/releases';

let scene: ReleaseScene;
let servers: readonly Server[];

interface Server {
  readonly dozer: Dozer;
  readonly releases: ReturnType<typeof startReleaseServer>['releases'];
  close(): Promise<void>;
}

beforeAll(async () => {
  scene = await openReleases();
  servers = [0, 1].map(() => {
    const dozer = new Dozer();
    return { dozer, ...startReleaseServer(scene, dozer) };
  });
});
afterAll(async () => {
  for (const { close } of servers) await close();
  await scene.close();
});

/** What may happen: written out, so that a counterexample can be read. */
type Happening =
  | { readonly is: 'start'; readonly kind: keyof typeof stages; readonly supersede: boolean; readonly at: number }
  | { readonly is: 'say'; readonly body: { readonly command: string }; readonly nth: number; readonly at: number }
  | { readonly is: 'look'; readonly at: number; readonly stopAt: number | undefined }
  | { readonly is: 'wake'; readonly at: number }
  | { readonly is: 'lapse' }
  | { readonly is: 'pass'; readonly ms: number }
  | { readonly is: 'router'; readonly to: Partial<Pick<Router, 'isAway' | 'up'>> }
  | { readonly is: 'kill' | 'rearm' };

const stages = {
  both: [
    { trafficPer100k: 20_000, soakSeconds: 60 },
    { trafficPer100k: 100_000, flagsPer100k: 50_000, soakSeconds: 60 },
    { flagsPer100k: 100_000, soakSeconds: 60 },
  ],
  traffic: [20_000, 100_000].map((trafficPer100k) => ({ trafficPer100k, soakSeconds: 60 })),
  flag: [50_000, 100_000].map((flagsPer100k) => ({ flagsPer100k, soakSeconds: 60 })),
};

/** Makes a release, which nobody has begun. */
function make(world: ReleaseWorld, kind: keyof typeof stages) {
  const { flag, target } = world;
  return world.add({
    ...{ title: `Release ${world.ids.length + 1} (${kind})`, environment: 'production', stages: stages[kind] },
    ...{ strategy: kind === 'flag' ? 'flag_only' : 'canary', bakeSeconds: 60 },
    ...(kind === 'traffic' ? {} : { flags: [{ flag, candidate: 'on', baseline: 'off' }] }),
    ...(kind === 'flag' ? {} : { traffic: { target, candidate: 'v2', baseline: 'v1' } }),
  });
}

/** What someone says to a server; as one that is stopped hears nothing, it is said to another then. */
async function say(id: string, body: { readonly command: string }, at: number) {
  await scene.call('POST', `${RELEASES}/${id}/commands`, body);
  const isUrgent = body.command === 'abort' || body.command === 'rollback';
  const { dozer, releases } = (servers[at]?.dozer.isStopped ? servers[1 - at] : servers[at]) ?? {};
  await dozer?.run(() => releases?.lookAt(id, isUrgent) ?? Promise.resolve());
}

async function look(at: number, stopAt?: number) {
  const { dozer, releases } = servers[at] ?? {};
  await dozer?.run(() => releases?.look() ?? Promise.resolve(), stopAt);
}

const lapse = () => scene.database.updateTable('release_leases').set({ until: 0 }).execute();

const at = fc.integer({ min: 0, max: 1 });
const REASON = { reason: 'so' };
const body = fc.constantFrom<{ command: string }[]>(
  ...['resume', 'promote', 'promote_fully', 'retry', 'unblock', 'cancel'].map((command) => ({ command })),
  ...['pause', 'abort', 'rollback'].map((command) => ({ command, ...REASON })),
  Object.assign({ command: 'retry' }, { stage: 1 }),
  Object.assign({ command: 'rollback' }, REASON, { gradual: { steps: 2, everySeconds: 30 } }),
);
const stopAt = fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined });
const to = fc.oneof(fc.record({ isAway: fc.boolean() }), fc.record({ up: fc.nat(1) }));
const kind = fc.constantFrom<(keyof typeof stages)[]>('both', 'both', 'traffic', 'flag');
const is = <T extends Happening['is']>(...what: T[]) => fc.constantFrom(...what);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ is: is('start'), kind, supersede: fc.boolean(), at }) },
  { weight: 6, arbitrary: fc.record({ is: is('say'), body, nth: fc.nat(5), at }) },
  { weight: 12, arbitrary: fc.record({ is: is('look'), at, stopAt }) },
  { weight: 3, arbitrary: fc.record({ is: is('wake'), at }) },
  { weight: 4, arbitrary: fc.record({ is: is('lapse') }) },
  { weight: 8, arbitrary: fc.record({ is: is('pass'), ms: fc.integer({ min: 1_000, max: 90_000 }) }) },
  { weight: 2, arbitrary: fc.record({ is: is('router'), to }) },
  { weight: 1, arbitrary: fc.record({ is: is('kill', 'rearm') }) },
);

async function happen(world: ReleaseWorld, it: Happening): Promise<unknown> {
  switch (it.is) {
    case 'start': {
      if (world.ids.length >= 6) return;
      const supersede = it.supersede ? { supersede: true } : {};
      return say(await make(world, it.kind), { command: 'start', ...supersede }, it.at);
    }
    case 'say': {
      const id = world.ids[it.nth % Math.max(1, world.ids.length)];
      return id === undefined ? undefined : say(id, it.body, it.at);
    }
    case 'look':
      return look(it.at, it.stopAt);
    case 'wake':
      return servers[it.at]?.dozer.wake();
    case 'lapse':
      return lapse();
    case 'pass':
      return pass(it.ms);
    case 'router':
      return Object.assign(world.router, it.to);
    default:
      return world.turn(it.is);
  }
}

function pass(ms: number) {
  scene.clock.nowMs += ms;
}

/** Everybody is there again, and nobody wants anything more: whatever is under way comes to an end. */
async function settle(world: ReleaseWorld) {
  Object.assign(world.router, { isAway: false, up: 1 });
  await world.turn('rearm');
  for (const { dozer } of servers) await dozer.wake();
  for (let looks = 0; looks < 60; looks++) {
    for (const id of await world.active()) await say(id, { command: 'resume' }, 0);
    await lapse();
    await look(looks % 2);
    await world.check();
    if ((await world.active()).length === 0) return;
    pass(61_000);
  }
  throw new Error(`it never ends: ${JSON.stringify(await world.active())}`);
}

test(`of several releases one at a time has a target, nothing rises on a way back, and what is out at the end is the newest's or nothing (seed ${seed})`, {
  timeout: 60 * 60_000,
}, async () => {
  const happenings = fc.array(happening, { minLength: 20, maxLength: 60, size: 'max' });
  await fc.assert(
    fc.asyncProperty(happenings, async (all) => {
      const world = await ReleaseWorld.make(scene);
      try {
        for (const it of all) {
          pass(1);
          await happen(world, it);
          await world.check();
        }
        await settle(world);
        await world.checkEnd();
      } finally {
        for (const { dozer } of servers) await dozer.wake();
        await world.remove();
      }
    }),
    { seed, numRuns },
  );
});
