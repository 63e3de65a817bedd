import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventParser } from './event-parser.ts';

function parse(chunks: readonly string[], maxLength = 1_000_000) {
  const events: string[] = [];
  const parser = new EventParser((data) => events.push(data), maxLength);
  const isFine = chunks.every((chunk) => parser.put(chunk));
  return { events, isFine };
}

/** A text cut at these places. */
function cut(text: string, places: readonly number[]): string[] {
  const at = [0, ...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length];
  return at.slice(1).map((end, i) => text.slice(at[i], end));
}

it('finds the same events wherever the stream is cut into chunks', () => {
  const line = fc.string().map((text) => text.replaceAll(/[\r\n]/g, ' '));
  const event = fc.array(line, { minLength: 1, maxLength: 4 });
  const end = fc.constantFrom('\n', '\r\n');
  fc.assert(
    fc.property(fc.array(event, { maxLength: 6 }), end, fc.array(fc.nat(), { maxLength: 8 }), (events, eol, places) => {
      const write = (lines: readonly string[]) =>
        `id: 1${eol}${lines.map((text) => `data: ${text}${eol}`).join('')}${eol}`;
      const text = `: padding${eol}${eol}${events.map(write).join('')}`;
      expect(parse(cut(text, places)).events).toEqual(events.map((lines) => lines.join('\n')));
    }),
  );
});

it('takes an event that is cut off for none', () => {
  expect(parse(['data: whole\n\ndata: cut', ' off\n']).events).toEqual(['whole']);
});

it('takes data with and without a space, and ignores what else there is', () => {
  expect(parse([': comment\nretry: 5\nevent: x\ndata:a\ndata:  b\n\n\n\n']).events).toEqual(['a\n b']);
});

it('says when an event is longer than is allowed', () => {
  expect(parse(['data: 12345\n\n', 'data: 12345\n\n'], 20).isFine).toBe(true);
  expect(parse(['data: 12345', '678901234567890'], 20).isFine).toBe(false);
});
