import { connect as connectPage } from '@bunting/browser';
import { connect } from '@bunting/node';
import { expect, test } from 'vitest';
import { makeFlag, makeKey } from '../processes/flags.ts';
import { startServer } from '../processes/server.ts';

test('what a server evaluated for a page, the page answers without asking', async () => {
  const server = await startServer();
  const { secret: sdkKey } = await makeKey(server.api, 'server');
  const dutch = { attribute: 'country', operator: 'in', values: ['NL'] };
  const rules = [{ id: 'dutch', when: dutch, serve: { variant: 'on' } }];
  const development = { enabled: true, rules, defaultRule: { variant: 'off' } };
  const shown = { key: 'shown', type: 'boolean', clientVisible: true };
  await makeFlag(server.api, shown, development);
  await makeFlag(server.api, { key: 'secret', type: 'boolean' }, development);
  const flags = connect({ url: server.url, sdkKey, logger: {} });
  await flags.ready();
  try {
    for (const country of ['NL', 'SE']) {
      const context = { targetingKey: 'a', country };
      // As it comes to the page.
      const bootstrap = JSON.parse(JSON.stringify(flags.all(context)));
      const warnings: string[] = [];
      const logger = { warn: (line: string) => void warnings.push(line) };
      const url = 'http://127.0.0.1:9';
      const page = connectPage({ url, clientKey: 'bnt_cli_1', context, bootstrap, cache: false, logger });
      const here = flags.getBooleanDetails('shown', false, context);
      const there = page.getBooleanDetails('shown', false);
      expect(there).toMatchObject({ value: country === 'NL', variant: here.variant, errorCode: undefined });
      expect(page.revision).toEqual(flags.revision);
      expect(page.getBooleanDetails('secret', false).errorCode).toBe('FLAG_NOT_FOUND');
      expect(warnings.filter((line) => line.includes('bootstrap'))).toEqual([]);
      page.close();
    }
  } finally {
    await flags.close();
    await server.remove();
  }
});
