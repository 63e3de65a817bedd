import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { newDatabase } from '../testing/test-database.ts';

/** Two servers on one database; the second one hears nothing of the first. */
async function startTwo() {
  const databaseUrl = await newDatabase();
  const one = await startApp({ config: { databaseUrl } });
  const deaf = await startApp({ config: { databaseUrl } });
  await deaf.app.bunting.follower?.close();
  const evaluate = async (secret: string) => {
    const headers = { authorization: `Bearer ${secret}` };
    const url = '/ofrep/v1/evaluate/flags';
    return (await deaf.app.inject({ method: 'POST', url, headers, payload: { context: {} } })).statusCode;
  };
  return { one, deaf, evaluate };
}

test('a key that was made on another server a moment ago is looked for, not refused', async () => {
  const { one, evaluate } = await startTwo();
  const path = '/projects/default/environments/development/keys';
  const { body } = await one.call('POST', path, { kind: 'server', name: 'k' });
  expect(await evaluate(body.secret)).toBe(503);
  await expect.poll(() => evaluate(body.secret)).toBe(200);
});

test('a key that is nowhere is refused once it was looked for', async () => {
  const { evaluate } = await startTwo();
  const wrong = `bnt_srv_${'x'.repeat(43)}`;
  expect(await evaluate(wrong)).toBe(503);
  await expect.poll(() => evaluate(wrong)).toBe(401);
});

test('while the database is lost nobody is told that a key is wrong', async () => {
  const { deaf, evaluate } = await startTwo();
  await deaf.app.bunting.database.destroy();
  const wrong = `bnt_srv_${'x'.repeat(43)}`;
  for (let attempt = 0; attempt < 5; attempt++) {
    expect(await evaluate(wrong)).toBe(503);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

test('a key that is made or revoked while the keys are read stays so', async () => {
  const { app, call } = await startApp({ config: { databaseUrl: await newDatabase() } });
  const { keys, keyRing } = app.bunting;
  const path = '/projects/default/environments/development/keys';
  /** Reads the keys again and again until `work` is done. */
  async function amid<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    while (!isDone) await keys.catchUp();
    return done;
  }
  for (let round = 0; round < 10; round++) {
    const { body } = await amid(call('POST', path, { kind: 'server', name: 'k' }));
    expect(keyRing.find(body.secret)).toMatchObject({ id: body.id });
    await amid(call('DELETE', `${path}/${body.id}`));
    expect(keyRing.find(body.secret)).toBeUndefined();
  }
});
