import { expect, test } from 'vitest';
import type { Binding } from '../../api/types.ts';
import { checkBinding, draftOf, emptyMatcher, placeErrors } from './binding-draft.ts';
import { targetWords } from './binding-words.ts';
import { mismatchOf } from './label-match.ts';

const binding: Binding = {
  ...{ id: '1', key: 'checkout-fails', name: 'Checkout fails', source: 'alertmanager', action: 'pause', mode: 'armed' },
  ...{ maxAgeSeconds: 60, maxKillsPerHour: 3, coolDownSeconds: 0, version: 4 },
  ...{ armedAt: '2026-11-21T12:00:00Z', createdAt: '2026-11-21T12:00:00Z', updatedAt: '2026-11-21T12:00:00Z' },
  match: [
    { label: 'alertname', equals: '' },
    { label: 'severity', in: ['page', 'critical, really'] },
    { label: 'service', matches: '^check' },
    { label: 'flag', present: true },
  ],
  targets: { flags: { label: 'flag' }, environments: { keys: ['production'] } },
};

test('a binding that is opened and saved untouched is the same binding', () => {
  const checked = checkBinding(draftOf(binding), binding.source);
  const { id: _, version: __, armedAt: ___, createdAt: ____, updatedAt: _____, ...given } = binding;
  expect(checked).toEqual({ ok: true, ready: given });
  const targets: Binding['targets'] = { flags: { tag: 'checkout' }, environments: { label: 'stage' } };
  expect(checkBinding(draftOf({ ...binding, targets }), 'other')).toMatchObject({
    ready: { source: 'other', targets },
  });
});

test('what is missing or cannot be read is said at its place', () => {
  const draft = draftOf(undefined);
  const rows = [
    { id: 0, ...emptyMatcher },
    { id: 1, ...emptyMatcher, label: 'service', test: 'matches' as const, value: '(' },
    { id: 2, ...emptyMatcher, label: 'severity', test: 'in' as const },
  ];
  const checked = checkBinding({ ...draft, match: rows }, 'alertmanager');
  expect(checked.ok ? [] : Object.keys(checked.errors)).toEqual([
    ...['name', 'key', 'match.0', 'match.1', 'match.2', 'flags', 'environments'],
  ]);
  const said = { 'match.12.matches': 'a', 'targets.flags.keys.0': 'b', 'targets.environments': 'c', '': 'd' };
  expect(placeErrors(said)).toEqual({ 'match.12': 'a', flags: 'b', environments: 'c', '': 'd' });
});

test('an alert is meant when all of its labels fit, and otherwise the first that does not is named', () => {
  const mismatch = mismatchOf(binding.match);
  const labels = { alertname: '', severity: 'page', service: 'checkout', flag: 'new-checkout' };
  expect(mismatch(labels)).toBeUndefined();
  expect(mismatch({ ...labels, severity: 'critical' })).toBe('its label “severity” is “critical”');
  expect(mismatch({ ...labels, service: 'recheck' })).toBe('its label “service” is “recheck”');
  expect(mismatch({ alertname: '', severity: 'page' })).toBe('it has no label “service”');
  expect(mismatchOf([{ label: 'constructor', present: true }])({})).toBe('it has no label “constructor”');
  expect(mismatchOf([{ label: 'a', matches: '(' }])({ a: '(' })).toBeDefined();
});

test('what an alert would act on is named by its own labels', () => {
  expect(targetWords(binding.targets)).toBe('the flag that label “flag” names in production');
  expect(targetWords(binding.targets, { flag: 'new-checkout' })).toBe('new-checkout in production');
  expect(targetWords(binding.targets, {})).toBe('no flag (it has no label “flag”) in production');
});
