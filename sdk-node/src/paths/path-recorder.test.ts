import type { MeasurementsMessage } from '@bunting/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Choice } from './choice.ts';
import { PathRecorder } from './path-recorder.ts';

const choice: Choice = {
  key: 'a',
  value: false,
  isServed: false,
  evaluation: undefined,
  context: {},
  answers: undefined,
};

/** A recorder, and a server that takes what it sends for as long as it is told to. */
function start() {
  const sent: MeasurementsMessage[] = [];
  const server = { isThere: true, isTaking: true };
  const recorder = new PathRecorder({
    isTaken: () => server.isTaking,
    send: (message) => server.isThere && sent.push(message) > 0,
    originTimeMs: () => Date.now() + 500,
  });
  const record = (times = 1) => {
    for (let i = 0; i < times; i++) recorder.record('run', choice, 'done', 1);
  };
  const counts = () => sent.map(({ paths }) => paths.reduce((sum, { count }) => sum + count, 0));
  return { recorder, record, sent, server, counts };
}

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

describe('measurements', () => {
  it('are sent each second in which there are some, with the time they began at by the origin', () => {
    const { record, sent } = start();
    vi.advanceTimersByTime(5000);
    record(2);
    vi.advanceTimersByTime(400);
    record();
    vi.advanceTimersByTime(600);
    expect(sent).toMatchObject([
      { type: 'measurements', startMs: 1_005_500, durationMs: 1000, paths: [{ flag: 'a', count: 3 }] },
    ]);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60_000);
    record();
    vi.advanceTimersByTime(1000);
    expect(sent[1]).toMatchObject({ startMs: 1_066_500, durationMs: 1000, paths: [{ count: 1 }] });
    expect(sent).toHaveLength(2);
  });

  it('are numbered upwards, also from one process to the next', () => {
    const { record, sent } = start();
    for (let i = 0; i < 3; i++) {
      record();
      vi.advanceTimersByTime(1000);
    }
    const next = start();
    next.record();
    vi.advanceTimersByTime(1000);
    const numbers = [...sent, ...next.sent].map(({ seq }) => seq);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it('that cannot be sent go with what follows, as one longer window', () => {
    const { record, sent, server } = start();
    server.isThere = false;
    record(2);
    vi.advanceTimersByTime(3000);
    record(3);
    server.isThere = true;
    vi.advanceTimersByTime(1000);
    expect(sent).toMatchObject([{ startMs: 1_000_500, durationMs: 4000, paths: [{ count: 5 }] }]);
    expect(sent[0]?.dropped).toBeUndefined();
  });

  it('are dropped when they cannot be sent for 15 s, and counted', () => {
    const { record, sent, server } = start();
    server.isThere = false;
    for (let s = 0; s < 40; s++) {
      record();
      vi.advanceTimersByTime(1000);
    }
    server.isThere = true;
    vi.advanceTimersByTime(1000);
    expect(sent).toMatchObject([{ dropped: 30, paths: [{ count: 10 }] }]);
    record();
    vi.advanceTimersByTime(1000);
    expect(sent[1]?.dropped).toBeUndefined();
  });

  it('are not even written for a server that does not take them', () => {
    const { record, sent, server } = start();
    server.isTaking = false;
    for (let s = 0; s < 20; s++) {
      record();
      vi.advanceTimersByTime(1000);
    }
    expect(sent).toEqual([]);
    server.isTaking = true;
    vi.advanceTimersByTime(1000);
    expect(sent).toMatchObject([{ dropped: 15, paths: [{ count: 5 }] }]);
  });

  it('are sent when the client closes; none are taken after that, and no timer is left', () => {
    const { recorder, record, counts } = start();
    record(4);
    recorder.close();
    record(4);
    recorder.compare('read', choice, 'alike');
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(5000);
    expect(counts()).toEqual([4]);
  });

  it('of comparisons travel, too', () => {
    const { recorder, sent } = start();
    recorder.compare('shadow', choice, 'different');
    vi.advanceTimersByTime(1000);
    expect(sent).toMatchObject([
      { paths: [], comparisons: [{ flag: 'a', variant: '', path: 'shadow', compared: 1, mismatched: 1, skipped: 0 }] },
    ]);
  });
});
