import { expect, test } from 'vitest';
import { readLabels } from './read-labels.ts';

test('labels are read line by line, whatever their values hold', () => {
  expect(readLabels('a = 1 \n\r\nquery=x=y\nempty=')).toEqual({ labels: { a: '1', query: 'x=y', empty: '' } });
});

test('a line that is no label is named', () => {
  for (const line of ['critical', '=critical']) {
    expect(readLabels(`a=1\n${line}`)).toEqual({ problem: 'Line 2 is no label: write it as name=value.' });
  }
});
