import { PROTOCOL_VERSION } from '@bunting/core';
import { CLIENT_MESSAGES, RELAY_MESSAGES } from '@bunting/server';
import fc, { type Arbitrary } from 'fast-check';
import type { Caller } from './callers.ts';
import type { Schema } from './document.ts';
import { Shapes } from './shapes.ts';
import { asItIs, spoils } from './spoil.ts';
import type { FrameShape, RawSocket } from './web-socket.ts';

/** One thing that a client does. */
interface Step {
  readonly name: string;
  do(socket: RawSocket, key: string): void;
}

export interface Conversation {
  readonly caller: Caller;
  readonly path: string;
  readonly subprotocol: string;
  readonly steps: readonly Step[];
  readonly isReset: boolean;
}

/** What is said on a connection: mostly a good hello, and then anything. */
export function conversationsOf(callers: readonly Caller[]): Arbitrary<Conversation> {
  const paths = [
    '/stream',
    '/stream/',
    '/stream?x=1',
    '/strea',
    '/api/v1/projects',
    '/internal/v1/kills',
    '/stream%00',
  ];
  return fc.constantFrom(...callers).chain((caller) =>
    fc.record({
      caller: fc.constant(caller),
      path: fc.oneof(
        { weight: 19, arbitrary: fc.constant('/stream') },
        { weight: 1, arbitrary: fc.constantFrom(...paths) },
      ),
      subprotocol: fc.oneof(
        { weight: 19, arbitrary: fc.constant('bunting.v1') },
        { weight: 1, arbitrary: fc.constantFrom('bunting.v2', 'x, bunting.v1', 'x'.repeat(500)) },
      ),
      steps: fc
        .tuple(
          // Mostly it introduces itself first: without that nothing further is listened to.
          fc.oneof({ weight: 9, arbitrary: hello(caller) }, { weight: 1, arbitrary: steps(caller) }),
          fc.array(steps(caller), { maxLength: 8 }),
        )
        .map(([first, rest]) => [first, ...rest]),
      isReset: fc.boolean(),
    }),
  );
}

function steps(caller: Caller): Arbitrary<Step> {
  return fc.oneof(
    { weight: 10, arbitrary: messages(caller) },
    { weight: 3, arbitrary: frames },
    { weight: 1, arbitrary: hello(caller) },
    { weight: 1, arbitrary: fc.constantFrom(...BEHAVIOURS) },
  );
}

const shapes = new Shapes(
  () => ({}),
  (field) =>
    ({
      flag: fc.constantFrom('switch', 'wording', 'limits', 'spare', 'none', '__proto__', ''),
      incarnation: fc.constantFrom('x', '__proto__'),
      type: undefined,
    })[field],
);

/** A hello that is good but for what `context` and `have` it tells. */
function hello({ name }: Caller): Arbitrary<Step> {
  const isClient = name.startsWith('client');
  const context = fc.oneof(
    fc.constant({ targetingKey: 'u', country: 'de' }),
    fc.dictionary(fc.constantFrom('targetingKey', 'country', 'org', '__proto__'), fc.jsonValue({ maxDepth: 3 })),
  );
  return fc
    .record({
      id: fc.constantFrom('fuzz-1', 'fuzz-2', 'x'.repeat(200), '\u202e'),
      have: fc.constantFrom(
        null,
        { incarnation: 'x', number: 3, hash: 'y' },
        { incarnation: 'x', number: 2 ** 53 - 1, hash: '' },
      ),
      accept: fc.constantFrom([], ['gzip'], ['gzip', 'context-proof', 'x']),
      context,
    })
    .map(({ id, have, accept, context }): Step => {
      const said = {
        type: 'hello',
        protocol: PROTOCOL_VERSION,
        sdk: { name: 'fuzz', version: '0' },
        instance: { id },
        have,
        accept,
      };
      const message = isClient ? { ...said, context } : said;
      return {
        name: `hello ${JSON.stringify(message).slice(0, 200)}`,
        do: (socket, key) => socket.frame(JSON.stringify({ ...message, key })),
      };
    });
}

/** Messages as their schemas have them, and made wrong; of the caller's kind, of another's, and of no kind. */
function messages({ name }: Caller): Arbitrary<Step> {
  const [own, others] = name.startsWith('relay')
    ? [RELAY_MESSAGES, CLIENT_MESSAGES]
    : [CLIENT_MESSAGES, RELAY_MESSAGES];
  const known = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...Object.values(own)) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.values(others)) },
  );
  const described = known.chain(({ schema }) => shapes.of(schema as Schema));
  const unknown = fc.record({
    type: fc.constantFrom('later', '', '__proto__', 'snapshot', 'keys', 'toString'),
    x: fc.jsonValue(),
  });
  return fc
    .record({
      message: fc.oneof({ weight: 9, arbitrary: described }, { weight: 1, arbitrary: unknown }),
      spoil: fc.oneof({ weight: 2, arbitrary: fc.constant(asItIs) }, { weight: 1, arbitrary: spoils }),
    })
    .map(({ message, spoil }): Step => {
      const content = spoil(message);
      return {
        name: `message ${content.toString().slice(0, 300)}`,
        do: (socket) => socket.frame(content),
      };
    });
}

/** Frames that RFC 6455 does not allow, or that nobody sends. */
const frames: Arbitrary<Step> = fc
  .record({
    payload: fc.oneof(
      fc.constant(Buffer.from('{"type":"heartbeat"}')),
      fc.uint8Array({ maxLength: 200 }).map((it) => Buffer.from(it)),
    ),
    shape: fc.record(
      {
        opcode: fc.constantFrom(0, 1, 2, 3, 7, 8, 9, 10, 11, 15),
        isLast: fc.boolean(),
        isMasked: fc.boolean(),
        reserved: fc.constantFrom(0, 0, 1, 2, 4),
        claimedLength: fc.constantFrom(
          0n,
          1n,
          125n,
          126n,
          65_536n,
          1_048_577n,
          2n ** 31n,
          2n ** 53n,
          2n ** 63n,
          2n ** 64n - 1n,
        ),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ payload, shape }): Step => {
    // Without what was left out: the frame is then as it should be.
    const given = Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as FrameShape;
    const told = Object.entries(given).map(([name, value]) => `${name} ${value}`);
    return {
      name: `frame ${told.join(' ')} ${payload.toString('hex').slice(0, 60)}`,
      do: (socket) => socket.frame(payload, given),
    };
  });

const HEARTBEAT = '{"type":"heartbeat"}';

const BEHAVIOURS: readonly Step[] = [
  step('500 pings', (socket) => {
    for (let at = 0; at < 500; at++) socket.frame('ping', { opcode: 9 });
  }),
  step('500 heartbeats', (socket) => {
    for (let at = 0; at < 500; at++) socket.frame(HEARTBEAT);
  }),
  step('a message in 20 pieces, with pings between', (socket) => {
    for (let at = 0; at < 20; at++) {
      socket.frame(HEARTBEAT[at] ?? '', { opcode: at === 0 ? 1 : 0, isLast: at === 19 });
      socket.frame('', { opcode: 9 });
    }
  }),
  step('a message that never ends', (socket) => {
    for (let at = 0; at < 50; at++) socket.frame('x'.repeat(60_000), { opcode: at === 0 ? 1 : 0, isLast: false });
  }),
  step('a message of 2 MB', (socket) => socket.frame(`"${'x'.repeat(2_000_000)}"`)),
  step('half a frame', (socket) => socket.write(Buffer.from([0x81, 0xfe, 0x01]))),
  step('a second request', (socket) => socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')),
  step('noise', (socket) => socket.write(Buffer.alloc(5_000, 0xa5))),
  step('reading nothing', (socket) => socket.pause()),
];

function step(name: string, act: (socket: RawSocket) => void): Step {
  return { name, do: act };
}
