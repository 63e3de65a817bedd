import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../testing/start-app.ts';
import { readKubeconfig, readOwnAccess } from './kubernetes-access.ts';

test("the pod's own account is read anew each time, for its tokens are replaced", () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'token'), 'first\n');
  writeFileSync(join(folder, 'ca.crt'), 'authority');
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };
  expect(readOwnAccess(env, folder)).toEqual({
    server: 'https://[fd00::1]:6443',
    headers: { authorization: 'Bearer first' },
    tls: { ca: Buffer.from('authority') },
  });
  writeFileSync(join(folder, 'token'), 'second');
  expect(readOwnAccess(env, folder).headers).toEqual({ authorization: 'Bearer second' });
});

test('a kubeconfig gives its current context, with what is data in it', () => {
  const data = Buffer.from('pem').toString('base64');
  const access = readKubeconfig(`
apiVersion: v1
kind: Config
current-context: prod
contexts:
  - {name: dev, context: {cluster: a, user: a}}
  - {name: prod, context: {cluster: b, user: b, namespace: shop}}
clusters:
  - {name: a, cluster: {server: 'https://a.example.com', insecure-skip-tls-verify: true}}
  - {name: b, cluster: {server: 'https://b.example.com:6443/', certificate-authority-data: ${data}, tls-server-name: b}}
users:
  - {name: a, user: {exec: {command: sh}}}
  - {name: b, user: {client-certificate-data: ${data}, client-key-data: ${data}}}
`);
  const pem = Buffer.from('pem');
  expect(access).toEqual({
    server: 'https://b.example.com:6443',
    headers: {},
    tls: { ca: pem, cert: pem, key: pem, servername: 'b' },
  });
});

test.each([
  ['[', 'is no YAML'],
  ['a: &a [1]\nb: *a', 'is no YAML'],
  ['{}', 'current-context'],
  ['{current-context: x, contexts: [], clusters: [], users: []}', 'the cluster of its current context'],
])('what is none is refused: %s', (text, message) => {
  expect(() => readKubeconfig(text)).toThrow(message);
});
