import { describe, expect, it } from 'vitest';
import { MetricEvents } from './metric-events.ts';

function eventsWithLog() {
  const lines: string[] = [];
  return { events: new MetricEvents({ warn: (line) => lines.push(line) }), lines };
}

describe('metric events', () => {
  it('are added up by name until they are taken', () => {
    const { events } = eventsWithLog();
    events.count('checkout', 20);
    events.count('checkout', -5.5);
    events.count('checkout');
    events.count('search');
    const sums = [
      { name: 'checkout', count: 3, sum: 14.5 },
      { name: 'search', count: 1, sum: 0 },
    ];
    expect(events.drain()).toEqual(sums);
    expect(events.drain()).toEqual([]);
    events.restore(sums);
    events.count('search', 1);
    expect(events.drain()).toEqual([sums[0], { name: 'search', count: 2, sum: 1 }]);
  });

  it('of more than 200 names are counted as one other', () => {
    const { events } = eventsWithLog();
    for (let i = 0; i < 1000; i++) events.count(`event-${i}`, 2);
    events.count('event-0', 2);
    const drained = events.drain();
    expect(drained).toHaveLength(201);
    expect(drained[0]).toEqual({ name: 'event-0', count: 2, sum: 4 });
    expect(drained.at(-1)).toEqual({ name: 'other', count: 800, sum: 1600 });
  });

  it('that cannot be counted are said once; their sum is always a number', () => {
    const { events, lines } = eventsWithLog();
    for (const name of ['', 'x'.repeat(101), undefined, 5, Symbol('s')]) events.count(name);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e300, '5', null, 3]) events.count('a', value);
    expect(events.drain()).toEqual([{ name: 'a', count: 6, sum: 3 }]);
    expect(lines).toEqual([
      'track() takes the name of an event, 1 to 100 characters; not counted',
      "the value of an event must be a number; 'a' counts for 0",
    ]);
  });
});
