import { expect, test } from 'vitest';
import type { Dependency } from '../../api/types.ts';
import { narrow, reachOf } from './reach.ts';

const on = (from: string, to: string): Dependency => ({ from, to, why: 'on' });
const chain = [on('a', 'b'), on('b', 'c'), on('x', 'c'), on('b', 'd')];

test('a thing reaches what it depends on and what depends on it, but not what else depends on those', () => {
  expect([...reachOf(chain, 'b')].sort()).toEqual(['a', 'b', 'c', 'd']);
  expect([...reachOf(chain, 'c')].sort()).toEqual(['a', 'b', 'c', 'x']);
  expect([...reachOf(chain, 'x')].sort()).toEqual(['c', 'x']);
  expect([...reachOf([on('a', 'b'), on('b', 'a')], 'a')].sort()).toEqual(['a', 'b']);
});

test('a narrowed graph has no dependency whose end is not shown', () => {
  const nodes = ['a', 'b', 'c', 'd', 'x'].map((key) => ({
    ...{ id: key, kind: 'flag' as const, key, name: key, state: 'on' as const },
  }));
  const near = narrow({ nodes, dependencies: chain }, 'x');
  expect(near.nodes.map(({ id }) => id)).toEqual(['c', 'x']);
  expect(near.dependencies).toEqual([on('x', 'c')]);
});
