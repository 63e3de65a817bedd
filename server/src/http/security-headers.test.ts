import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

test('pages may run and be styled by what this server sends, and by nothing written into them', async () => {
  const { app } = await startApp();
  for (const url of ['/', '/nowhere', '/api/v1/setup']) {
    const policy = String((await app.inject({ url })).headers['content-security-policy']);
    expect([url, policy]).toEqual([url, expect.not.stringContaining('unsafe')]);
    expect(policy.split(';')).toEqual(
      expect.arrayContaining(["script-src 'self'", "style-src 'self'", "object-src 'none'", "frame-ancestors 'none'"]),
    );
  }
});
