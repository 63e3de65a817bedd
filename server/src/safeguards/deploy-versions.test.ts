import { expect, test } from 'vitest';
import { DeployVersions } from './deploy-versions.ts';

const MINUTE_MS = 60_000;

test('the newest version is the one that came last, whatever it is called', () => {
  const versions = new DeployVersions();
  versions.note('production', '2.0.0', 0);
  versions.note('production', '1.9.9', 2 * MINUTE_MS);
  versions.note('production', '2.0.0', 2 * MINUTE_MS);
  versions.note('staging', '3.0.0', 2 * MINUTE_MS);
  expect(versions.newest('production', 2 * MINUTE_MS)).toEqual({ version: '1.9.9', hasOthers: true });
  expect(versions.newest('nowhere', 0)).toBeUndefined();
});

test('of versions that were there before, the highest is newest, and none where they have no order', () => {
  const versions = new DeployVersions();
  for (const version of ['2.9.1', '2.10.0', '2.10.0-rc.1']) versions.note('a', version, 100);
  expect(versions.newest('a', 100)).toEqual({ version: '2.10.0', hasOthers: true });
  for (const version of ['3f2a91c', 'b77e0d1']) versions.note('b', version, 100);
  expect(versions.newest('b', 100)).toBeUndefined();
  versions.note('b', '9d8c7b6', 5 * MINUTE_MS);
  expect(versions.newest('b', 5 * MINUTE_MS)).toMatchObject({ version: '9d8c7b6' });
});

test('who says no version is never newest, but runs beside it; what is gone does neither', () => {
  const versions = new DeployVersions();
  versions.note('a', '', 0);
  expect(versions.newest('a', 0)).toBeUndefined();
  versions.note('a', '1.0.0', 0);
  expect(versions.newest('a', 0)).toEqual({ version: '1.0.0', hasOthers: true });
  versions.note('a', '1.0.0', 6 * MINUTE_MS);
  expect(versions.newest('a', 6 * MINUTE_MS)).toEqual({ version: '1.0.0', hasOthers: false });
});

test('what is remembered of an environment is bounded', () => {
  const versions = new DeployVersions();
  for (let at = 0; at < 1_000; at++) versions.note('a', `1.0.${at}`, at);
  versions.note('a', '2.0.0', 2 * MINUTE_MS);
  expect(versions.newest('a', 2 * MINUTE_MS)).toMatchObject({ version: '2.0.0' });
});
