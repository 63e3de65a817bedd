import { createSocket, type RemoteInfo } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newFolder } from '../testing/start-app.ts';
import { resolve } from './resolve.ts';

const A = 1;
const AAAA = 28;

interface Question {
  readonly name: string;
  readonly type: number;
}

/** A name server that answers with an address, or with a number that says why there is none (RFC 1035: rcode). */
async function startNameServer(
  answer: (question: Question) => readonly number[] | number | Promise<number>,
): Promise<string> {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.on('message', async (query: Buffer, { port, address }: RemoteInfo) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const [question, type] = [query.subarray(12, at + 5), query.readUInt16BE(at + 1)];
    const said = await answer({ name: labels.join('.'), type });
    const [code, data] = typeof said === 'number' ? [said, []] : [0, said];
    const isFound = data.length > 0;
    const head = [...query.subarray(0, 2), 0x81, 0x80 | code, 0, 1, 0, isFound ? 1 : 0, 0, 0, 0, 0];
    // Of the name that stands at byte 12, for 60 s.
    const record = isFound ? [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length, ...data] : [];
    socket.send(Buffer.from([...head, ...question, ...record]), port, address);
  });
  await once(socket.bind(0, '127.0.0.1'), 'listening');
  return `127.0.0.1:${socket.address().port}`;
}

/** Whatever the machine is told. */
const alone = (server: string) => ({ nameServers: [server], resolverFile: '/nowhere' });

const NO_DATA: readonly number[] = [];
const NO_SUCH_NAME = 3;
const SERVER_FAILURE = 2;

test('a name has the addresses that a name server tells, of both kinds', async () => {
  const server = await startNameServer(({ type }) =>
    type === A ? [93, 184, 216, 34] : [0x26, 0x06, 0x28, 0, 2, 0x20, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1],
  );
  expect(await resolve('example.com', alone(server))).toEqual([
    { address: '93.184.216.34', family: 4 },
    { address: '2606:2800:220:1::1', family: 6 },
  ]);
});

test('a name that has addresses of one kind only has those', async () => {
  const server = await startNameServer(({ type }) => (type === A ? [10, 0, 0, 1] : NO_DATA));
  expect(await resolve('example.com', alone(server))).toEqual([{ address: '10.0.0.1', family: 4 }]);
});

test('a name of the machine is not asked of name servers', async () => {
  const asked: string[] = [];
  const server = await startNameServer(({ name }) => {
    asked.push(name);
    return NO_SUCH_NAME;
  });
  expect(await resolve('localhost', alone(server))).toContainEqual({ address: '127.0.0.1', family: 4 });
  expect(asked).toEqual([]);
});

test.each([
  ['hooks.dev', 'hooks.dev.svc.cluster.local'],
  ['hooks', 'hooks.svc.cluster.local'],
  ['hooks.example.com', 'hooks.example.com'],
  ['hooks.dev.', 'hooks.dev'],
])('%s is %s where names of fewer than two dots are completed first', async (host, name) => {
  const server = await startNameServer((question) =>
    question.type === A && [name, 'hooks.dev', 'hooks'].includes(question.name)
      ? [10, 0, 0, question.name.length]
      : NO_DATA,
  );
  const resolverFile = join(newFolder(), 'resolv.conf');
  writeFileSync(resolverFile, 'search home\nsearch svc.cluster.local cluster.local\noptions timeout:1 ndots:2\n');
  const found = await resolve(host, { nameServers: [server], resolverFile });
  expect(found).toEqual([{ address: `10.0.0.${name.length}`, family: 4 }]);
});

test('what name servers do not know the system is asked for, which completes names', async () => {
  const server = await startNameServer(({ type }) => (type === AAAA ? NO_DATA : NO_SUCH_NAME));
  await expect(resolve('nobody.invalid', alone(server))).rejects.toThrow(
    /getaddrinfo (ENOTFOUND|EAI_AGAIN) nobody.invalid/,
  );
});

test('a name whose servers fail is not asked of the system', async () => {
  const server = await startNameServer(() => SERVER_FAILURE);
  await expect(resolve('broken.example', alone(server))).rejects.toMatchObject({ code: 'ESERVFAIL' });
});

test('names whose servers do not answer keep no other waiting', async () => {
  let fail = () => {};
  const late = new Promise<number>((settle) => {
    fail = () => settle(SERVER_FAILURE);
  });
  const server = await startNameServer(() => late);
  let hanging = 10;
  const names = Array.from({ length: hanging }, (_, i) => `n${i}.example.com`);
  const ends = names.map((name) => resolve(name, alone(server)).finally(() => hanging--));
  const all = Promise.allSettled(ends);
  // As the connection to a database, or to another server, does.
  await lookup('localhost');
  await resolve('localhost');
  expect(hanging).toBe(10);
  fail();
  await all;
});
