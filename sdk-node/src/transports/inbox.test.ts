import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Inbox } from './inbox.ts';

/** Threads unpack, which wait for whatever else the machine does. */
const SLOWLY = { timeout: 10_000 };

/** An inbox with what it handed over, and what it failed on. */
function open(maxWaitingBytes?: number) {
  const texts: string[] = [];
  const failures: string[] = [];
  const owner = { deliver: (text: string) => texts.push(text), fail: (detail: string) => failures.push(detail) };
  const inbox = new Inbox(owner, maxWaitingBytes);
  const put = (text: string, isPacked: boolean) => inbox.put(isPacked ? gzipSync(text) : Buffer.from(text), isPacked);
  return { inbox, put, texts, failures };
}

it('hands frames over in the order they came, whichever are packed', async () => {
  const frames = fc.array(fc.record({ text: fc.string(), isPacked: fc.boolean() }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(frames, async (all) => {
      const { inbox, put, texts } = open();
      for (const { text, isPacked } of all) put(text, isPacked);
      await new Promise<void>((resolve) => inbox.after(resolve));
      expect(texts).toEqual(all.map(({ text }) => text));
    }),
  );
});

it('hands text over at once while nothing is being unpacked', () => {
  const { put, texts } = open();
  put('now', false);
  expect(texts).toEqual(['now']);
});

it('fails once, and hands nothing over after it', async () => {
  const { inbox, put, texts, failures } = open();
  inbox.put(Buffer.from('no gzip'), true);
  put('late', false);
  await expect.poll(() => failures, SLOWLY).toEqual([expect.stringContaining('cannot be unpacked')]);
  put('later', false);
  expect(texts).toEqual([]);
});

it('does not let more wait than it may', async () => {
  const { put, texts, failures } = open(10);
  put('packed', true);
  put('12345', false);
  put('123456', false);
  expect(failures).toEqual([expect.stringContaining('more frames than can wait')]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(texts).toEqual([]);
});

it('counts what waits, not what has waited', async () => {
  const packed = gzipSync('packed');
  const texts: string[] = [];
  const failures: string[] = [];
  const inbox: Inbox = new Inbox(
    {
      deliver: (text) => {
        texts.push(text);
        // The second is being unpacked by then, and the third waits.
        if (texts.length === 1) queueMicrotask(() => inbox.put(packed, true));
      },
      fail: (detail) => failures.push(detail),
    },
    2 * packed.length,
  );
  for (let i = 0; i < 3; i++) inbox.put(packed, true);
  await expect.poll(() => [texts.length, failures], SLOWLY).toEqual([4, []]);
});

it('hands nothing over once it is closed, not even what is being unpacked', async () => {
  const { inbox, put, texts, failures } = open();
  put('packed', true);
  put('waiting', false);
  inbox.close();
  const other = open();
  other.put('a later one', true);
  await expect.poll(() => other.texts, SLOWLY).toHaveLength(1);
  expect([texts, failures]).toEqual([[], []]);
});
