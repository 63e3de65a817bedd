import { expect, test } from 'vitest';
import { cleanups, values } from '../test/page.ts';
import { SharedSocket } from './shared-socket.ts';

/** A tab, and the real socket as soon as the tab has opened one. */
function openTab() {
  const frames: unknown[] = [];
  const tab: { real?: { onmessage(event: { data: unknown }): void }; frames: unknown[] } = { frames };
  const shared = new SharedSocket('ws://server.test/stream', 'bunting', () => {
    const real = { readyState: 1, onopen: null, onmessage: () => {}, onclose: null, send() {}, close() {} };
    tab.real = real;
    return real as never;
  });
  shared.onopen = () => shared.send(JSON.stringify({ type: 'hello', key: 'bnt_cli_1', context: {} }));
  shared.onmessage = ({ data }: { data: unknown }) => void frames.push(data);
  cleanups.push(() => shared.close());
  return tab;
}

test('a tab that listens is told what the one with the connection hears, from the whole values on', async () => {
  const first = openTab();
  await expect.poll(() => first.real).toBeDefined();
  const second = openTab();
  // Whatever it is that a proxy says, it is for the page's link to judge.
  const said = ['no JSON', 'null', JSON.stringify({ type: 'heartbeat' }), JSON.stringify(values(1, { a: true })), '{'];
  await new Promise(setImmediate);
  for (const data of said) first.real?.onmessage({ data });
  // What a tab that has just come asks for may follow once more.
  await expect.poll(() => second.frames.slice(0, 2)).toEqual(said.slice(3));
  expect(first.frames).toEqual(said);
  expect(second.real).toBeUndefined();
});
