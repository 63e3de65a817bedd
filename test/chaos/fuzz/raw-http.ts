import { connect } from 'node:net';
import type { Arbitrary } from 'fast-check';
import fc from 'fast-check';

/** Bytes on a connection of their own, and what came back. */
export interface RawExchange {
  readonly name: string;
  readonly bytes: Buffer;
  /** Pieces are sent apart. */
  readonly pieces: number;
}

const HEAD = 'POST /api/v1/projects/a/flags HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const GET = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n';

/** What no HTTP client of ours would write. */
const WRITTEN: Readonly<Record<string, string>> = {
  'a chunk of no length': `${CHUNKED}zz\r\n{}\r\n0\r\n\r\n`,
  'a chunk longer than it says': `${CHUNKED}1\r\n{"key":1}\r\n0\r\n\r\n`,
  'a chunk of 2^64 bytes': `${CHUNKED}10000000000000000\r\n{}\r\n0\r\n\r\n`,
  'a negative chunk': `${CHUNKED}-1\r\n{}\r\n0\r\n\r\n`,
  'chunks that never end': `${CHUNKED}2\r\n{}\r\n`,
  'an extension of 20 KB': `${CHUNKED}2;x=${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
  trailers: `${CHUNKED}2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\n\r\n`,
  'a length and chunks': `${HEAD}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${GET}`,
  'two lengths': `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
  'a negative length': `${HEAD}Content-Length: -1\r\n\r\n{}`,
  'a length of 2^64': `${HEAD}Content-Length: 18446744073709551616\r\n\r\n{}`,
  'a length with a sign': `${HEAD}Content-Length: +2\r\n\r\n{}`,
  'less than its length': `${HEAD}Content-Length: 200\r\n\r\n{}`,
  '50 requests at once': GET.repeat(50),
  '50 requests of which one is none': `${GET.repeat(25)}x\r\n\r\n${GET.repeat(25)}`,
  'a request behind a refused one': `${HEAD}Content-Length: 2\r\n\r\n{}${GET}`,
  'no host': 'GET /healthz HTTP/1.1\r\n\r\n',
  'two hosts': 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'HTTP/1.0': 'GET /healthz HTTP/1.0\r\n\r\n',
  'HTTP/0.9': 'GET /healthz\r\n\r\n',
  'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'line feeds alone': 'GET /healthz HTTP/1.1\nHost: a\n\n',
  'a header on two lines': 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n',
  'a header without a name': 'GET /healthz HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n',
  'NUL in a header': 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n',
  'NUL in the address': 'GET /heal\0thz HTTP/1.1\r\nHost: a\r\n\r\n',
  'no address': 'GET  HTTP/1.1\r\nHost: a\r\n\r\n',
  'an address of its own': 'GET http://evil.example/healthz HTTP/1.1\r\nHost: a\r\n\r\n',
  CONNECT: 'CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n',
  'OPTIONS of everything': 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
  'a made-up method': 'FUZZ /healthz HTTP/1.1\r\nHost: a\r\n\r\n',
  'an upgrade to h2c':
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
  '3 000 headers': `GET /healthz HTTP/1.1\r\nHost: a\r\n${'a: b\r\n'.repeat(3_000)}\r\n`,
  TLS: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  nothing: '',
};

/** These, cut off or with bytes of them changed as well. */
export const rawExchanges: Arbitrary<RawExchange> = fc
  .record({
    written: fc.constantFrom(...Object.entries(WRITTEN)),
    cut: fc.oneof(
      { weight: 3, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
    ),
    change: fc.option(fc.record({ at: fc.nat(400), byte: fc.nat(255) }), { freq: 3 }),
    pieces: fc.constantFrom(1, 1, 1, 3, 20),
  })
  .map(({ written: [name, text], cut, change, pieces }) => {
    const bytes = Buffer.from(text, 'latin1').subarray(0, Math.ceil(text.length * cut));
    if (change !== null && change.at < bytes.length) bytes[change.at] = change.byte;
    return { name: `${name}, as ${bytes.subarray(0, 300).toString('base64')}`, bytes, pieces };
  });

/** So long an answer is waited for, in milliseconds: what is not all there yet is answered never. */
const LISTEN_MS = 60;

/** Sends it. @returns what is wrong with what came back, if anything is */
export function exchange(url: URL, { bytes, pieces }: RawExchange): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    let text = '';
    const finish = () => {
      socket.destroy();
      resolve(problemOf(text));
    };
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', finish);
    socket.on('close', finish);
    setTimeout(finish, LISTEN_MS);
    const size = Math.max(1, Math.ceil(bytes.length / pieces));
    for (let at = 0; at < bytes.length; at += size) socket.write(bytes.subarray(at, at + size));
  });
}

function problemOf(text: string): string | undefined {
  const status = Number(text.match(/^HTTP\/1\.1 (\d{3})/)?.[1] ?? 0);
  if (text !== '' && status === 0) return `is answered by no HTTP: ${text.slice(0, 200)}`;
  if (status >= 500) return `answered ${status}`;
  if (status >= 400 && !/"code":"\w+".*"requestId":"/.test(text))
    return `is refused without words by ${text.split('\r\n', 1)[0]}`;
  return undefined;
}
