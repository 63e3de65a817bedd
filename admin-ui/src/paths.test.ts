import { expect, test } from 'vitest';
import { flagPath, flagsPath, instancesPath, keysPath, patterns, safeNext, signInPath } from './paths.ts';

test('an address is its pattern and what fills it', () => {
  expect(flagPath('shop', 'new-checkout')).toEqual({
    to: patterns.flag,
    params: { project: 'shop', flag: 'new-checkout' },
    search: {},
  });
  expect(keysPath('shop', 'production')).toEqual({
    to: '/projects/$project/environments/$environment/keys',
    params: { project: 'shop', environment: 'production' },
  });
});

test('lists have their state in their address', () => {
  expect(instancesPath('shop', { behind: true }).search).toEqual({ behind: true });
  expect(flagsPath('shop', { search: 'check', create: true }).search).toEqual({ search: 'check', create: true });
});

test('signing in leads back to where it was asked for, and the start page needs no mention', () => {
  expect(signInPath('/projects/shop/flags?search=a').search.next).toBe('/projects/shop/flags?search=a');
  expect(signInPath('/').search.next).toBeUndefined();
});

test('no address leads out of the application after signing in', () => {
  expect(safeNext('/projects/shop/flags?search=a#page')).toBe('/projects/shop/flags?search=a#page');
  for (const evil of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    '',
    undefined,
  ]) {
    expect(safeNext(evil)).toBe('/');
  }
});
