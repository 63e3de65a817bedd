import { expect, test } from 'vitest';
import { describeLength, describeWaysBack } from './way-words.ts';

test('the length is that of all that is watched, with the people it waits for', () => {
  const stages = [
    { flagsPer100k: 5_000, soakSeconds: 600, approvals: 1 },
    { flagsPer100k: 100_000, soakSeconds: 600, approvals: 2 },
  ];
  expect(describeLength({ stages, bakeSeconds: 60 })).toBe('It takes 21 min at least, and waits for 3 approvals.');
});

test('the ways back are said in their order, until when, and from where on there is none', () => {
  const draft = {
    flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
    ...{ traffic: { target: 'shop', candidate: '2', baseline: '1' }, migration: { plan: 'orders' } },
    ...{ rollbackWindowSeconds: 0, leaseSeconds: 60 },
  };
  expect(describeWaysBack(draft, [{ stage: 6, reason: 'Old is not written any more.' }])).toEqual([
    'It can be aborted at any time, which takes back its flags, then traffic, then the migration.',
    'When it has succeeded, it cannot be rolled back.',
    'Without a server that looks after it for 1 min, what is exposed falls back by itself.',
    'From stage 7 on there is no way back: Old is not written any more.',
  ]);
});
