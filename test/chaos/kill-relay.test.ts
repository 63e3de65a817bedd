import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { makeKey } from '../processes/flags.ts';
import type { TestProgram } from '../processes/program.ts';
import { startRelay } from '../processes/relay.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { type Scene, startScene } from './scene.ts';
import { readPlan, seeded } from './seeded.ts';

const { seed, size } = readPlan({
  sample: { rounds: 1, instances: 6, frozenMs: 1_000, pauseMs: 200 },
  whole: { rounds: 4, instances: 40, frozenMs: 30_000, pauseMs: 1_000 },
});

let server: TestServer | undefined;
const relays: TestProgram[] = [];
let scene: Scene | undefined;

afterEach(async () => {
  for (const { child } of relays) child.signal('SIGCONT');
  await scene?.close();
  for (const relay of relays.splice(0).reverse()) await relay.remove();
  await server?.remove();
});

test('relays, one behind the other, may die, stand still, and start without their upstream: SDKs notice nothing', {
  timeout: 20 * 60_000,
}, async () => {
  const random = seeded(seed);
  server = await startServer();
  const { secret } = await makeKey(server.api, 'relay');
  const outer = await startRelay(server.url, secret);
  const inner = await startRelay(outer.url, secret);
  relays.push(outer, inner);
  const sdkUrls = [server.url, outer.url, inner.url];
  scene = await startScene({ servers: [server], sdkUrls, instances: size.instances, withPage: true, random });
  const pause = () => sleep(size.pauseMs * (0.5 + random()));

  for (let round = 0; round < size.rounds; round++) {
    for (const relay of relays) {
      await pause();
      await relay.kill();
      await relay.restart();
      await pause();
      relay.child.signal('SIGSTOP');
      await sleep(size.frozenMs);
      relay.child.signal('SIGCONT');
    }
    await pause();
    // Nobody is left but what is on the relays' disks.
    await Promise.all([server.kill(), outer.kill(), inner.kill()]);
    await Promise.all([outer.restart(), inner.restart()]);
    expect(await statusOf(outer)).toBe('degraded');
    // Its upstream is there, and what that has may be fresh enough.
    expect(await statusOf(inner)).toBeOneOf(['ready', 'degraded']);
    await pause();
    await server.restart();
  }
  console.log(`kill-relay: seed ${seed}; ${await scene.settle()}`);
});

async function statusOf({ url }: TestProgram): Promise<string> {
  return ((await (await fetch(`${url}/readyz`)).json()) as { status: string }).status;
}
