import { expect, test } from 'vitest';
import { checkSource, type SourceDraft } from './source-draft.ts';

const draft: SourceDraft = {
  ...{ name: ' Alerts ', key: 'alerts', vendor: 'alertmanager', action: 'pause', mode: 'dry_run' },
  ...{ secret: 'left over', mapping: 'left over', topics: 'left over' },
};

test('a source is sent with what its vendor takes, and nothing that was typed for another one', () => {
  const ready = { key: 'alerts', project: 'shop', name: 'Alerts', mode: 'dry_run', allow: { action: 'pause' } };
  expect(checkSource(draft, 'shop')).toEqual({ ok: true, ready: { ...ready, vendor: 'alertmanager' } });
  expect(checkSource({ ...draft, vendor: 'sentry', secret: 'from Sentry' }, 'shop')).toEqual({
    ok: true,
    ready: { ...ready, vendor: 'sentry', secret: 'from Sentry' },
  });
  expect(checkSource({ ...draft, vendor: 'cloudwatch', topics: 'arn:a\n\n arn:b ' }, 'shop')).toMatchObject({
    ready: { topics: ['arn:a', 'arn:b'] },
  });
});

test('what is missing is said at its place', () => {
  const checked = checkSource({ ...draft, name: ' ', key: '', vendor: 'generic', mapping: '' }, 'shop');
  expect(checked.ok ? [] : Object.keys(checked.errors)).toEqual(['name', 'key', 'mapping']);
});
