import { expect, test } from 'vitest';
import { describeCheck, describeStep } from './describe-step.ts';

test('a step is told with its SQL word for word, and what else is asked of it', () => {
  expect(describeStep({ sql: 'create  table a()', on: 'new', transaction: false, timeoutSeconds: 60 })).toEqual({
    what: 'Run SQL in the new database',
    code: 'create  table a()',
    notes: ['outside of a transaction', 'for 1 min at most'],
  });
  const backfill = describeStep({ backfill: 'insert ... :cursor :limit', from: '0', batchRows: 2000, share: 0.25 });
  expect(backfill.what).toBe('Copy rows');
  expect(backfill.notes).toContain('2,000 rows at a time');
  expect(backfill.notes).toContain('25% of the time');
  expect(describeStep({ webhook: 'https://jobs.example.com' })).toMatchObject({ code: 'https://jobs.example.com' });
  expect(describeStep({ command: 'flyway' })).toMatchObject({ what: 'Run a program', code: 'flyway' });
  expect(describeStep({ check: { same: 'select 1' } })).toMatchObject({ code: 'select 1', notes: [] });
});

test('a check says when it holds', () => {
  expect(describeCheck({ reads: { minCompared: 10_000, maxMismatchedPer100k: 500 } })).toEqual({
    what: 'Reads agree: of 10,000 or more that were compared, 0.5% may differ',
    notes: [],
  });
  expect(describeCheck({ sql: 'select 1', withinSeconds: 30 }).notes).toEqual(['asked again for 30 s']);
});
