import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './steps.ts';

/** Where a side of the screen is meant, and why. */
const meant: Readonly<Record<string, string>> = {
  'ui/json-editor.tsx': 'code is written from left to right, and CodeMirror draws its cursor as a left border',
};

/** Classes of Tailwind that name a side of the screen, whatever stands before them (`sm:`, `-`). */
const physicalClass =
  /(?<![\w/])(?:(?:(?:scroll-)?[mp][lr]|left|right)-(?=[\d[(]|auto\b|full\b|px\b)|(?:text|float|clear)-(?:left|right)\b|border-[lr](?![\w])|rounded-(?:[lr]|[tb][lr])(?![\w]))[\w./%-]*/g;

/** Properties of a `style` that do. */
const physicalStyle = /\b(?:(?:margin|padding|border)(?:Left|Right)\w*(?=:)|(?:left|right): `)/g;

test('pages say where a line begins and ends, not left and right, for they are written from right to left as well', () => {
  const sources = join(root, 'admin-ui/src');
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  expect(files.length).toBeGreaterThan(500);
  const found = files
    .filter((file) => meant[file] === undefined)
    .flatMap((file) => physicalIn(readFileSync(join(sources, file), 'utf8')).map((name) => `${file}: ${name}`));
  expect(found, 'take ms- me- ps- pe- start- end- text-start text-end border-s border-e rounded-s rounded-e').toEqual(
    [],
  );
});

test('what names a side is found, what only looks like it is not', () => {
  const sides =
    'ml-2 -mr-2 sm:pl-1.5 left-[3px] -right-px md:left-auto border-l-2 border-r rounded-r-full sm:text-right';
  expect(physicalIn(`className="flex ${sides}"`)).toHaveLength(sides.split(' ').length);
  expect(physicalIn('style={{ left: `4%`, paddingLeft: 4 }}')).toHaveLength(2);
  expect(
    physicalIn('className="ms-2 border-line rounded-lg start-2 border-b" // from right-to-left, left-hand'),
  ).toEqual([]);
});

function physicalIn(text: string): readonly string[] {
  return [...text.matchAll(physicalClass), ...text.matchAll(physicalStyle)].map(([name]) => name);
}
