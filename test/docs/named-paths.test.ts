import { expect, test } from 'vitest';
import { findBrokenLinks, findMissingPaths, listFiles } from './named-paths.ts';

const files = listFiles();
const documents = files.filter((file) => file.endsWith('.md'));

test('every link of the documentation leads to a file, and to a heading of it', () => {
  expect(documents.flatMap(findBrokenLinks)).toEqual([]);
});

test('every path that the documentation names is there', () => {
  expect(documents.flatMap((document) => findMissingPaths(document, files))).toEqual([]);
});
