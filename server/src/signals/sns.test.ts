import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readAddressPolicy } from '../egress/address-policy.ts';
import { Sns } from './sns.ts';

/** Stands for SNS. */
async function startSns() {
  const asked: string[] = [];
  const answer = { status: 200 };
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(answer.status).end(`certificate of ${url}`);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, answer, address, sns: new Sns(readAddressPolicy(['127.0.0.1'])) };
}

test('a certificate is fetched once, however many messages are signed by it', async () => {
  const { sns, address, asked } = await startSns();
  const found = await Promise.all(Array.from({ length: 20 }, () => sns.find(`${address}/a.pem`)));
  expect(new Set(found)).toEqual(new Set(['certificate of /a.pem']));
  expect(asked).toEqual(['/a.pem']);
});

test('one that could not be had is asked for again, and until then the sender is told to come again', async () => {
  const { sns, address, answer } = await startSns();
  answer.status = 500;
  await expect(sns.find(`${address}/a.pem`)).rejects.toMatchObject({ code: 'certificate_unavailable', status: 503 });
  answer.status = 200;
  expect(await sns.find(`${address}/a.pem`)).toBe('certificate of /a.pem');
});

test('forged messages that name many certificates make few requests', async () => {
  const { sns, address, asked } = await startSns();
  const finding = Array.from({ length: 100 }, async (_, at) => sns.find(`${address}/${at}.pem`));
  const results = await Promise.allSettled(finding);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(asked.length);
  expect(asked.length).toBeLessThanOrEqual(10);
});

test('SNS that does not take a confirmation says why', async () => {
  const { sns, address, answer } = await startSns();
  await sns.confirm(`${address}/?Action=ConfirmSubscription`);
  answer.status = 403;
  await expect(sns.confirm(`${address}/?Action=ConfirmSubscription`)).rejects.toThrow('it answers 403');
});
