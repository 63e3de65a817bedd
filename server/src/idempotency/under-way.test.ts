import { expect, test } from 'vitest';
import type { Peer, PeerAnswer } from '../cluster/ask-peer.ts';
import { UnderWay } from './under-way.ts';

const peer: Peer = { id: 'b', url: 'http://b', version: '1' };

/** As answers come from a wire: of any kind. */
function start(...answers: readonly Omit<PeerAnswer, 'peer'>[]) {
  const asked: string[] = [];
  const get = async <T>(path: string) => {
    asked.push(path);
    return answers.map((answer) => ({ peer, ...answer }) as PeerAnswer<T>);
  };
  return { underWay: new UnderWay({ get }), asked };
}

test('an attempt of this server is under way from its begin to its end, and nobody is asked', async () => {
  const { underWay, asked } = start();
  underWay.begin('x');
  expect([underWay.isHere('x'), await underWay.isAnywhere('x'), underWay.isHere('y')]).toEqual([true, true, false]);
  expect(asked).toEqual([]);
  underWay.end('x');
  expect([underWay.isHere('x'), await underWay.isAnywhere('x')]).toEqual([false, false]);
  expect(asked).toEqual(['/attempts/x']);
});

test.each([
  ['that one says so', true, [{ body: { isUnderWay: false } }, { body: { isUnderWay: true } }]],
  ['all say no', false, [{ body: { isUnderWay: false } }]],
  ['one cannot be asked', false, [{ error: 'did not answer in time' }]],
  ['one answers something else', false, [{ body: null }, { body: [] }, { body: { isUnderWay: 'yes' } }]],
])('when %s, it is %s that an attempt is under way elsewhere', async (_, expected, answers) => {
  expect(await start(...answers).underWay.isAnywhere('x')).toBe(expected);
});
