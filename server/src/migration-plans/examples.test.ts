import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

const folder = join(import.meta.dirname, '../../../examples/migrations');
const PLANS = '/projects/default/environments/production/migration-plans';

test.each(globSync('*.json', { cwd: folder }).map((file) => [basename(file)]))(
  'the example %s is a plan',
  async (file) => {
    const { call } = await startApp({ config: { egressAllow: ['127.0.0.1'] } });
    await call('POST', '/projects/default/flags', { key: 'orders', type: 'string', kind: 'migration' });
    await call('POST', '/projects/default/flags', { key: 'orders-database', type: 'boolean', kind: 'operational' });
    const plan: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    expect(await call('POST', PLANS, plan)).toMatchObject({ status: 201 });
  },
);
