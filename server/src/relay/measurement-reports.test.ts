import { expect, test } from 'vitest';
import type { Window } from '../measurements/window.ts';
import { MeasurementReports } from './measurement-reports.ts';
import { RELAY_MESSAGES, type RelayedMeasurements } from './protocol.ts';

const SOURCE = { instance: 'a', version: '1.0' };

/** @param bytes about how long it is as text */
function windowOf(seq: number, bytes = 300, letter = 'a'): Window {
  const path = { flag: letter.repeat(100), variant: 'on', reason: 'SPLIT', path: 'run', count: 1, errors: 0 } as const;
  const paths = Array.from({ length: Math.max(1, Math.round(bytes / JSON.stringify(path).length)) }, () => path);
  return { seq, startMs: 1_000, durationMs: 1_000, paths };
}

function start() {
  const upstream = { reads: true, texts: [] as string[] };
  const reports = new MeasurementReports((text) => {
    if (upstream.reads) upstream.texts.push(text);
    return upstream.reads;
  });
  const messages = () => upstream.texts.map((text) => JSON.parse(text) as RelayedMeasurements);
  return { upstream, reports, messages };
}

test('passes windows on together, with whose they are, as an upstream takes them', () => {
  const { reports, messages } = start();
  reports.add(SOURCE, windowOf(1));
  reports.add({ instance: 'b' }, windowOf(1));
  reports.flush();
  const [message] = messages();
  expect(RELAY_MESSAGES.measurements.is(message)).toBe(true);
  expect(message?.windows).toMatchObject([
    { instance: 'a', version: '1.0', seq: 1 },
    { instance: 'b', seq: 1 },
  ]);
  reports.flush();
  expect(messages()).toHaveLength(1);
});

test('cuts messages so that an upstream takes them, in bytes', () => {
  const { reports, upstream, messages } = start();
  for (let seq = 1; seq <= 20; seq++) reports.add(SOURCE, windowOf(seq, 25_000, 'ü'));
  reports.flush();
  expect(messages().flatMap(({ windows }) => windows.map(({ seq }) => seq))).toEqual([...Array(21).keys()].slice(1));
  for (const text of upstream.texts) expect(Buffer.byteLength(text)).toBeLessThan(256 * 1024);
});

test('keeps what cannot be sent, and says how much it left out for want of room', () => {
  const { reports, upstream, messages } = start();
  upstream.reads = false;
  for (let seq = 1; seq <= 100; seq++) reports.add(SOURCE, windowOf(seq, 100_000));
  reports.flush();
  upstream.reads = true;
  reports.add(SOURCE, windowOf(101));
  reports.flush();
  const windows = messages().flatMap((message) => message.windows);
  const kept = windows.map(({ seq }) => seq);
  expect(kept.at(-1)).toBe(101);
  expect(kept.length).toBeGreaterThan(70);
  expect(kept.length).toBeLessThan(85);
  const sent = windows.reduce((sum, { paths, dropped = 0 }) => sum + paths.length + dropped, 0);
  expect(sent).toBe(100 * windowOf(1, 100_000).paths.length + windowOf(101).paths.length);
});

test('leaves out a window that no upstream would take, and counts it', () => {
  const { reports, messages } = start();
  reports.add(SOURCE, windowOf(1, 210_000));
  reports.add(SOURCE, windowOf(2));
  reports.flush();
  expect(messages()).toMatchObject([{ windows: [{ seq: 2, dropped: windowOf(1, 210_000).paths.length }] }]);
});
