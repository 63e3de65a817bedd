import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/**
 * A provider of OpenID Connect, as a process. Whoever types a name of `PEOPLE` (JSON: claims by name) is that person,
 * whatever the password.
 */
const people = JSON.parse(process.env.PEOPLE ?? '{}') as Record<string, Record<string, unknown>>;
const { REDIRECT_URI: redirectUri = '', CLIENT_SECRET: secret = '' } = process.env;

const server = createServer();
await once(server.listen(0, 'localhost'), 'listening');
const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: 'bunting', client_secret: secret, redirect_uris: [redirectUri] }],
  scopes: ['openid', 'email', 'profile', 'groups'],
  claims: { email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ['a key of the test'] },
  findAccount: (_context, id) => people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id] }) },
});
server.on('request', provider.callback());
process.stdout.write(`provider: listening on ${issuer}\n`);
