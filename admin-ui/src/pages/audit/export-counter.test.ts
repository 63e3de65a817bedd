import { expect, test } from 'vitest';
import { exportCounter } from './export-counter.ts';

const encode = (text: string) => new TextEncoder().encode(text);

test('events are counted however the file is cut, against what its first line announces', () => {
  const file = `${JSON.stringify({
    chains: [
      { chain: 'é', seq: 2 },
      { chain: 'b', seq: 1 },
    ],
  })}\n{"event":1}\n{"event":2}\n`;
  const counter = exportCounter();
  for (const byte of encode(file)) counter.count(Uint8Array.of(byte));
  expect(counter.progress()).toEqual({ bytes: encode(file).length, events: 2, total: 3 });
});

test('a file that announces nothing has no total', () => {
  const counter = exportCounter();
  expect(counter.progress().total).toBeUndefined();
  counter.count(encode('at,actor\r\n2026,Ada\r\n'));
  expect(counter.progress()).toMatchObject({ events: 1, total: undefined });
});
