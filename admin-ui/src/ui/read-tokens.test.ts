import { expect, test } from 'vitest';
import { readTokens } from './read-tokens.ts';

const numbers = {
  parse: (text: string) => (/^\d+$/.test(text) ? { token: Number(text) } : { problem: `“${text}” is no number.` }),
  show: String,
};

test('a pasted line is a token, each once, behind those that are there', () => {
  expect(readTokens('2\r\n\n 3 \n2\n1', [1], numbers)).toEqual({ tokens: [1, 2, 3], left: '', problem: undefined });
});

test('lines that are no tokens stay to be mended, and lose none of the others', () => {
  expect(readTokens('2\nx\n3\ny', [1], numbers)).toEqual({
    tokens: [1, 2, 3],
    left: 'x y',
    problem: '“x” is no number.',
  });
});
