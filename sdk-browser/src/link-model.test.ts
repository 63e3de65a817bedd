import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TIMING } from './link.ts';
import { CLOSE } from './protocol.ts';
import { startFakePage } from './test/fake-page.ts';
import { DIFFERENCES, values } from './test/page.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

type Page = ReturnType<typeof startFakePage>;

/** Longer than any wait, for it is what a server may ask for and half as much again. */
const LONGEST_WAIT_MS = 500_000;

/** What a link can be in. */
type State =
  /** A socket is being opened. */
  | 'connecting'
  /** Hello was said, and no values have come. */
  | 'greeting'
  | 'live'
  /** No socket, but a time at which one will be opened. */
  | 'waiting'
  /** No socket until someone looks at the page again. */
  | 'parked'
  | 'closed';

const reach: Readonly<Record<State, (page: Page) => void>> = {
  connecting: () => {},
  greeting: (page) => page.sockets[0]?.open(),
  live(page) {
    page.sockets[0]?.open();
    page.sockets[0]?.deliver(values(1, { a: 1 }));
  },
  waiting: (page) => page.sockets[0]?.end(CLOSE.keyRefused),
  parked: (page) => page.tell('pagehide'),
  closed: (page) => page.flags.close(),
};

/** What can happen to it. */
type Event =
  | 'opens'
  | 'values'
  | 'differences'
  | 'heartbeat'
  | 'unknown message'
  | 'garbage'
  | 'goodbye'
  | 'is lost'
  | 'is refused'
  | 'context is refused'
  | 'nothing for a minute'
  | 'nothing for long'
  | 'online'
  | 'hidden for a while'
  | 'hidden for long'
  | 'looked at again'
  | 'page goes'
  | 'identify'
  | 'close';

const happen: Readonly<Record<Event, (page: Page) => void>> = {
  opens: ({ sockets }) => sockets.at(-1)?.open(),
  values: ({ sockets }) => sockets.at(-1)?.deliver(values(2, { a: 2 })),
  differences: ({ sockets }) => sockets.at(-1)?.deliver(values(2, { a: 2 }, DIFFERENCES)),
  heartbeat: ({ sockets }) => sockets.at(-1)?.deliver({ type: 'heartbeat' }),
  'unknown message': ({ sockets }) => sockets.at(-1)?.deliver({ type: 'of later times' }),
  garbage: ({ sockets }) => sockets.at(-1)?.deliver('{'),
  goodbye: ({ sockets }) => sockets.at(-1)?.deliver({ type: 'goodbye', retryAfterMs: 60_000 }),
  'is lost': ({ sockets }) => sockets.at(-1)?.end(1006),
  'is refused': ({ sockets }) => sockets.at(-1)?.end(CLOSE.keyRefused),
  'context is refused': ({ sockets }) => sockets.at(-1)?.end(CLOSE.contextRefused),
  'nothing for a minute': () => void vi.advanceTimersByTime(60_000),
  'nothing for long': () => void vi.advanceTimersByTime(LONGEST_WAIT_MS),
  online: ({ tell }) => tell('online'),
  'hidden for a while': ({ setVisible }) => setVisible(false),
  'hidden for long'({ setVisible }) {
    setVisible(false);
    vi.advanceTimersByTime(TIMING.hiddenMs);
  },
  'looked at again': ({ setVisible }) => setVisible(true),
  'page goes': ({ tell }) => tell('pagehide'),
  identify: ({ flags }) => void flags.identify({ targetingKey: 'other' }),
  close: ({ flags }) => flags.close(),
};

/** Some socket is held, in whichever state: after a silence it is another one. */
type Outcome = State | 'some socket or a wait';

const ends = 'waiting';
const TABLE: Readonly<Record<State, Readonly<Record<Event, Outcome>>>> = {
  connecting: {
    opens: 'greeting',
    values: 'connecting',
    differences: ends,
    heartbeat: 'connecting',
    'unknown message': 'connecting',
    garbage: ends,
    goodbye: ends,
    'is lost': ends,
    'is refused': ends,
    'context is refused': ends,
    'nothing for a minute': 'some socket or a wait',
    'nothing for long': 'some socket or a wait',
    online: 'connecting',
    'hidden for a while': 'connecting',
    'hidden for long': 'parked',
    'looked at again': 'connecting',
    'page goes': 'parked',
    identify: 'connecting',
    close: 'closed',
  },
  greeting: {
    opens: 'greeting',
    values: 'live',
    differences: ends,
    heartbeat: 'greeting',
    'unknown message': 'greeting',
    garbage: ends,
    goodbye: ends,
    'is lost': ends,
    'is refused': ends,
    'context is refused': ends,
    'nothing for a minute': 'some socket or a wait',
    'nothing for long': 'some socket or a wait',
    online: 'greeting',
    'hidden for a while': 'greeting',
    'hidden for long': 'parked',
    'looked at again': 'greeting',
    'page goes': 'parked',
    identify: 'connecting',
    close: 'closed',
  },
  live: {
    opens: 'live',
    values: 'live',
    differences: 'live',
    heartbeat: 'live',
    'unknown message': 'live',
    garbage: ends,
    goodbye: ends,
    'is lost': ends,
    'is refused': ends,
    'context is refused': ends,
    'nothing for a minute': 'some socket or a wait',
    'nothing for long': 'some socket or a wait',
    online: 'live',
    'hidden for a while': 'live',
    'hidden for long': 'parked',
    'looked at again': 'live',
    'page goes': 'parked',
    identify: 'connecting',
    close: 'closed',
  },
  waiting: {
    // Of a socket that was left, whatever it says.
    opens: 'waiting',
    values: 'waiting',
    differences: 'waiting',
    heartbeat: 'waiting',
    'unknown message': 'waiting',
    garbage: 'waiting',
    goodbye: 'waiting',
    'is lost': 'waiting',
    'is refused': 'waiting',
    'context is refused': 'waiting',
    'nothing for a minute': 'some socket or a wait',
    'nothing for long': 'some socket or a wait',
    online: 'connecting',
    'hidden for a while': 'waiting',
    'hidden for long': 'parked',
    'looked at again': 'connecting',
    'page goes': 'parked',
    identify: 'connecting',
    close: 'closed',
  },
  parked: {
    opens: 'parked',
    values: 'parked',
    differences: 'parked',
    heartbeat: 'parked',
    'unknown message': 'parked',
    garbage: 'parked',
    goodbye: 'parked',
    'is lost': 'parked',
    'is refused': 'parked',
    'context is refused': 'parked',
    'nothing for a minute': 'parked',
    'nothing for long': 'parked',
    online: 'connecting',
    'hidden for a while': 'parked',
    'hidden for long': 'parked',
    'looked at again': 'connecting',
    'page goes': 'parked',
    identify: 'connecting',
    close: 'closed',
  },
  closed: Object.fromEntries(Object.keys(happen).map((event) => [event, 'closed'])) as Record<Event, 'closed'>,
};

/** Found from outside: by its sockets, and by whether it opens one when the time comes. */
function stateOf({ sockets, held, flags }: Page): State {
  const socket = held().at(-1);
  if (socket !== undefined) {
    if (socket.readyState === 0) return 'connecting';
    return socket.said.includes('receipt') ? 'live' : 'greeting';
  }
  const before = sockets.length;
  vi.advanceTimersByTime(LONGEST_WAIT_MS);
  if (sockets.length > before) return 'waiting';
  void flags.identify({ targetingKey: 'probe' });
  return sockets.length > before ? 'parked' : 'closed';
}

describe.each(Object.keys(TABLE) as State[])('a link that is %s', (state) => {
  test.each(Object.entries(TABLE[state]) as [Event, Outcome][])('%s: is %s', (event, outcome) => {
    const page = startFakePage();
    reach[state](page);
    happen[event](page);
    expect(page.held().length).toBeLessThanOrEqual(1);
    const found = stateOf(page);
    if (outcome === 'some socket or a wait') expect(['connecting', 'greeting', 'live', 'waiting']).toContain(found);
    else expect(found).toBe(outcome);
  });
});

describe('a page that is hidden when the network is back', () => {
  test('opens no connection once it has given its own up, until someone looks at it', () => {
    const page = startFakePage();
    reach.live(page);
    happen['hidden for long'](page);
    const opened = page.sockets.length;
    page.tell('online');
    vi.advanceTimersByTime(LONGEST_WAIT_MS);
    expect(page.sockets).toHaveLength(opened);
    page.setVisible(true);
    expect(page.held()).toHaveLength(1);
  });

  test('tries at once when it was about to anyway', () => {
    const page = startFakePage();
    reach.waiting(page);
    happen['hidden for a while'](page);
    page.tell('online');
    expect(page.held()).toHaveLength(1);
  });
});

const anyEvent = fc.constantFrom(...(Object.keys(happen) as Event[]).filter((event) => event !== 'close'));
type Step = { event: Event } | { identify: number } | { open: number } | { answer: number };
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: anyEvent.map((event) => ({ event })) },
  { weight: 2, arbitrary: fc.nat(4).map((identify) => ({ identify })) },
  // Also of sockets that were left long ago.
  { weight: 3, arbitrary: fc.nat(9).map((open) => ({ open })) },
  { weight: 3, arbitrary: fc.nat(9).map((answer) => ({ answer })) },
);

test('whatever happens, there is one socket at most, and the last identify is answered in the end', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      vi.clearAllTimers();
      const page = startFakePage();
      const { flags, sockets, held } = page;
      let last = 'user-0';
      const pick = (back: number) => sockets[Math.max(0, sockets.length - 1 - back)];
      for (const step of steps) {
        if ('event' in step) {
          happen[step.event](page);
          if (step.event === 'identify') last = 'other';
        } else if ('identify' in step) {
          last = `user-${step.identify}`;
          void flags.identify({ targetingKey: last });
        } else if ('open' in step) {
          pick(step.open)?.open();
        } else {
          const socket = pick(step.answer);
          if (socket !== undefined) page.answer(socket);
        }
        expect(held().length).toBeLessThanOrEqual(1);
      }
      // Someone looks at the page, the network is there, and the server answers.
      page.setVisible(true);
      for (let ms = 0; ms < LONGEST_WAIT_MS && held().every(({ said }) => !said.includes('hello')); ms += 1_000) {
        vi.advanceTimersByTime(1_000);
        held()[0]?.open();
      }
      const [socket] = held();
      expect(socket?.context?.targetingKey).toBe(last);
      if (socket !== undefined) page.answer(socket);
      expect(flags.getStringValue('who', 'nobody')).toBe(last);
      expect(flags.state).toBe('live');
      flags.close();
      expect(held()).toEqual([]);
      const opened = sockets.length;
      page.tell('online');
      page.setVisible(true);
      vi.advanceTimersByTime(LONGEST_WAIT_MS);
      expect(sockets).toHaveLength(opened);
      expect(vi.getTimerCount()).toBe(0);
      vi.unstubAllGlobals();
    }),
    { numRuns: 300 },
  );
});
