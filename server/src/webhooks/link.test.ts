import { expect, test } from 'vitest';
import { linkTo } from './link.ts';

const URL = 'https://flags.example.com';

test.each([
  [{ target_kind: 'flag', target_key: 'checkout' }, 'flags/checkout'],
  [{ target_kind: 'flag', target_key: 'checkout', action: 'flag.comment.deleted' }, 'flags/checkout'],
  [{ target_kind: 'release', target_key: 'r' }, 'releases/r'],
  [{ target_kind: 'change-request', target_key: 'c' }, 'approvals/c'],
  [{ target_kind: 'schedule', target_key: 's' }, 'schedules/s'],
  [{ target_kind: 'safeguard', target_key: 'g' }, 'environments/production/safeguards/g'],
  [{ target_kind: 'segment', target_key: 'beta' }, 'environments/production/segments/beta'],
  [{ target_kind: 'migration-plan', target_key: 'orders' }, 'environments/production/migration-plans/orders'],
  [{ target_kind: 'traffic-target', target_key: 'shop' }, 'environments/production/traffic-targets/shop'],
  // What has no page of its own, or has none any more, is read in the event.
  [{ target_kind: 'grant', target_key: 'x' }, 'audit/e'],
  [{ target_kind: 'segment', target_key: 'beta', action: 'segment.deleted' }, 'audit/e'],
])('of %j people look at %s', (event, path) => {
  const row = { id: 'e', action: 'x.updated', project: 'my shop', environment: 'production', ...event };
  expect(linkTo(URL, row)).toBe(`${URL}/projects/my%20shop/${path}`);
});

test('without a public URL there is no link; what is of the whole installation leads to its first page', () => {
  const row = {
    id: 'e',
    action: 'user.created',
    project: null,
    environment: null,
    target_kind: 'user',
    target_key: 'u',
  };
  expect([linkTo(undefined, row), linkTo(URL, row)]).toEqual([undefined, `${URL}/`]);
});
