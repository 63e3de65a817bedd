import { expect, test } from 'vitest';
import { choose } from './choose.ts';
import type { Subject } from './subject.ts';

const subjects = ['push', 'ready', 'size'].map(
  (name): Subject => ({ name, about: '', measure: async () => ({ measurements: [], notes: [] }) }),
);
const namesOf = (asked: Parameters<typeof choose>[1]) => choose(subjects, asked).chosen.map(({ name }) => name);

test('without a name all subjects are measured and recorded, unless the run is a quick one', () => {
  expect(namesOf({ names: [] })).toEqual(['push', 'ready', 'size']);
  expect(choose(subjects, { names: [] }).isRecorded).toBe(true);
  expect(choose(subjects, { names: [], quick: true }).isRecorded).toBe(false);
});

test('named subjects are measured in the order given, and recorded when that is asked for', () => {
  expect(namesOf({ names: ['size', 'push'] })).toEqual(['size', 'push']);
  expect(choose(subjects, { names: ['size'] }).isRecorded).toBe(false);
  expect(choose(subjects, { names: ['size'], record: true }).isRecorded).toBe(true);
});

test('a run that was ended goes on from a subject', () => {
  expect(namesOf({ names: [], from: 'ready' })).toEqual(['ready', 'size']);
});

test('what does not go together is refused, and an unknown subject is told the known ones', () => {
  expect(() => choose(subjects, { names: ['rady'] })).toThrow('choose from push, ready, size');
  expect(() => choose(subjects, { names: ['push'], from: 'ready' })).toThrow('--from');
  expect(() => choose(subjects, { names: ['push'], quick: true, record: true })).toThrow('--quick');
});
