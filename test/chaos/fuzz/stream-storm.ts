import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { decodeServerMessage, PROTOCOL_VERSION } from '@bunting/core';
import { CLIENT_MESSAGES, RELAY_MESSAGES } from '@bunting/server';
import fc, { type Arbitrary } from 'fast-check';
import type { Caller } from './callers.ts';
import type { Schema } from './document.ts';
import { type Finding, tell } from './finding.ts';
import { Shapes } from './shapes.ts';
import { asItIs, spoils } from './spoil.ts';
import { type FrameShape, RawSocket } from './web-socket.ts';

/** One thing that a client does. */
interface Step {
  readonly name: string;
  do(socket: RawSocket, key: string): void;
}

interface Conversation {
  readonly caller: Caller;
  readonly path: string;
  readonly subprotocol: string;
  readonly steps: readonly Step[];
  readonly isReset: boolean;
}

export interface StreamStormOptions {
  readonly url: string;
  /** Whose keys open the stream, or do not. */
  readonly callers: readonly Caller[];
  readonly mark: string;
  readonly seed: number;
  readonly lanes: number;
}

/** How long a connection is listened to after its last step, unless the server ends it sooner, in milliseconds. */
const LISTEN_MS = 40;
/** WebSocket's own code for a failure of the server. */
const INTERNAL_ERROR = 1011;

/** Talks to the stream as SDKs, pages and relays do, and as none of them ever would. */
export class StreamStorm {
  readonly findings: Finding[] = [];
  /** By what the server closed with: 0 where it did not. */
  readonly closes = new Map<number, number>();
  /** Messages, frames and floods of them that were sent. */
  sent = 0;
  conversations = 0;
  readonly #options: StreamStormOptions;
  readonly #url: URL;
  readonly #known = new Set<string>();

  constructor(options: StreamStormOptions) {
    this.#options = options;
    this.#url = new URL(options.url);
  }

  /** @param count of messages, at least: conversations are ended well */
  async run(count: number): Promise<void> {
    const { callers, lanes, seed } = this.#options;
    const conversations = conversationsOf(callers);
    const begun = this.sent;
    const lane = async (number: number) => {
      for (let run = 0; this.sent < begun + count; run++) {
        const property = fc.asyncProperty(conversations, async (conversation) => {
          const problem = await this.#hold(conversation);
          if (problem !== undefined && !this.#known.has(problem)) throw new Error(problem);
        });
        const runSeed = seed * 1_000 + number * 100_003 + begun + run;
        const outcome = await fc.check(property, {
          seed: runSeed,
          numRuns: Math.min(20, Math.ceil(count / 20)),
          interruptAfterTimeLimit: 15_000,
        });
        const conversation = outcome.counterexample?.[0];
        if (!outcome.failed || conversation === undefined) continue;
        const problem = outcome.errorInstance instanceof Error ? outcome.errorInstance.message : 'failed';
        if (this.#known.has(problem)) continue;
        this.#known.add(problem);
        const { caller, path, steps } = conversation;
        const operation = `WebSocket ${path}`;
        const repeat = steps.map(({ name }) => name).join('; ');
        const finding = { operation, caller: caller.name, problem, repeat, seed: runSeed };
        tell(finding);
        this.findings.push(finding);
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  }

  /** In one line. */
  summary(): string {
    const closes = [...this.closes].sort(([a], [b]) => a - b).map(([code, count]) => `${code}: ${count}`);
    return `${this.sent} messages in ${this.conversations} conversations, closed by ${closes.join(', ')}`;
  }

  async #hold({ caller, path, subprotocol, steps, isReset }: Conversation): Promise<string | undefined> {
    this.conversations++;
    const socket = new RawSocket(this.#url, path, subprotocol);
    try {
      await Promise.race([socket.opened, sleep(5_000)]);
      const key = caller.headers.authorization?.slice('Bearer '.length) ?? '';
      for (const step of steps) {
        if (socket.isOver) break;
        step.do(socket, key);
        this.sent++;
        // Let it be read, so that the next step finds what came of it.
        await sleep(1);
      }
      socket.resume();
      for (let waited = 0; waited < LISTEN_MS && !socket.isOver && socket.closeCode === undefined; waited += 5)
        await sleep(5);
      const code = socket.closeCode ?? 0;
      this.closes.set(code, (this.closes.get(code) ?? 0) + 1);
      return this.#judge(caller, socket);
    } finally {
      if (isReset) socket.reset();
      else socket.close();
    }
  }

  #judge({ maySeeMarks }: Caller, { texts, packed, closeCode, refusal }: RawSocket): string | undefined {
    if (closeCode === INTERNAL_ERROR) return `the server failed: ${texts.at(-1)}`;
    const frames = [...texts, ...packed.map((bytes) => gunzipSync(bytes).toString())];
    const seen = [refusal, ...frames].find((text) => text.includes(this.#options.mark));
    if (seen !== undefined && !maySeeMarks) return `shows what is the other project's: ${seen.slice(0, 300)}`;
    if (refusal !== '' && !/"code":"\w+".*"requestId":"/.test(refusal))
      return `is refused without words: ${refusal.slice(0, 300)}`;
    for (const frame of frames) {
      const decoded = decodeServerMessage(frame);
      if (!decoded.ok) return `sends what an SDK cannot read: ${decoded.error}: ${frame.slice(0, 300)}`;
    }
    return undefined;
  }
}

function conversationsOf(callers: readonly Caller[]): Arbitrary<Conversation> {
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
