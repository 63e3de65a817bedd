import { describe, expect, it } from 'vitest';
import { type FlagsListener, Listeners } from './events.ts';

const READY = { revision: { incarnation: 'a', number: 1, hash: '' } };

function listenersWithLog() {
  const lines: string[] = [];
  const listeners = new Listeners({ warn: (line) => lines.push(line), error: (line) => lines.push(line) });
  return { listeners, lines };
}

describe('listeners', () => {
  it('hear their event until they unsubscribe', () => {
    const { listeners } = listenersWithLog();
    const heard: unknown[] = [];
    const off = listeners.on('ready', (event) => heard.push(event));
    listeners.emit('ready', READY);
    listeners.emit('stale', { dataAgeMs: 1 });
    off();
    off();
    listeners.emit('ready', READY);
    expect(heard).toEqual([READY]);
  });

  it('of one flag hear only the changes of that flag', () => {
    const { listeners } = listenersWithLog();
    const heard: (readonly string[])[] = [];
    listeners.on('change', ({ keys }) => heard.push(keys), { key: 'a' });
    for (const keys of [['b'], ['b', 'a'], []]) listeners.emit('change', { ...READY, keys, committedAtMs: 0 });
    expect(heard).toEqual([['b', 'a']]);
  });

  it.each([
    ['ready', { key: 'a' }],
    ['change', { key: 1 }],
    ['change', null],
    [
      'change',
      {
        get key() {
          throw new Error('get');
        },
      },
    ],
  ])('of %j with unusable options (%#) are not subscribed: that is logged', (name, options) => {
    const { listeners, lines } = listenersWithLog();
    listeners.on(name as 'change', () => {}, options as never)();
    expect(lines).toEqual([expect.stringContaining("'change' only")]);
  });

  it('are independent even when the same function subscribed twice', () => {
    const { listeners } = listenersWithLog();
    let count = 0;
    const listener = () => count++;
    const off = listeners.on('ready', listener);
    listeners.on('ready', listener);
    off();
    listeners.emit('ready', READY);
    expect(count).toBe(1);
  });

  it('that throw are logged and do not keep the event from others', () => {
    const { listeners, lines } = listenersWithLog();
    let heard = false;
    listeners.on('ready', () => {
      throw new Error('boom');
    });
    listeners.on('ready', () => {
      throw Object.create(null);
    });
    listeners.on('ready', () => {
      heard = true;
    });
    expect(() => listeners.emit('ready', READY)).not.toThrow();
    expect(heard).toBe(true);
    expect(lines).toEqual([
      expect.stringContaining("a listener of 'ready' failed: Error: boom"),
      expect.stringContaining('cannot be printed'),
    ]);
  });

  it('that are async and reject are logged, not left to end the process', async () => {
    const { listeners, lines } = listenersWithLog();
    const listener = (async () => {
      throw new Error('later');
    }) as unknown as FlagsListener<'ready'>;
    listeners.on('ready', listener);
    listeners.emit('ready', READY);
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines).toEqual([expect.stringContaining('later')]);
  });

  it.each([
    ['nonsense', () => {}],
    ['ready', 'no function'],
    ['__proto__', () => {}],
    [null, null],
  ])('cannot be subscribed as %j, %j: that is logged', (name, listener) => {
    const { listeners, lines } = listenersWithLog();
    const off = listeners.on(name as 'ready', listener as unknown as FlagsListener<'ready'>);
    expect(() => off()).not.toThrow();
    expect(lines).toHaveLength(1);
  });

  it('survive a logger that throws', () => {
    const listeners = new Listeners({
      error: () => {
        throw new Error('logger');
      },
    });
    listeners.on('stale', () => {
      throw new Error('listener');
    });
    expect(() => listeners.emit('stale', { dataAgeMs: 1 })).not.toThrow();
  });
});
