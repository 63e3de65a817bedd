import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../tools/steps.ts';
import { listFiles } from './named-paths.ts';

/** As the build wrote it: each path with what its methods do. */
const { paths } = JSON.parse(readFileSync(join(root, 'admin-ui/src/api/openapi.gen.json'), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};
/** A whole part of the API, what is for other servers alone, and paths of a machine. */
const undescribed = /^\/(api\/v1$|(internal|docs|etc|mnt|run|usr|var)\/)|\.\.\.$/;

test('every route that the documentation names is there', () => {
  const documents = listFiles().filter((file) => file.endsWith('.md'));
  const named = documents.flatMap((document) =>
    readRoutes(readFileSync(join(root, document), 'utf8')).map((route) => ({ document, ...route })),
  );
  expect(named.length).toBeGreaterThan(100);
  const missing = named.filter(({ method, path }) => !undescribed.test(path) && !isRoute(method, path));
  expect(missing).toEqual([]);
});

/** What stands in code as `POST .../kill {reason}`, `/scim/v2/Users` or `.../flags?enabled=`. */
function readRoutes(text: string): readonly { readonly method: string; readonly path: string }[] {
  const found = text.matchAll(/`(?:(GET|PUT|POST|PATCH|DELETE) )?((?:\.\.\.)?\/(?:[\w/:.-]|\{\w+\})+)[^`]*`/g);
  return [...found].map(([, method = '', path = '']) => ({ method: method.toLowerCase(), path }));
}

/** Whether a route ends with a path; what stands there for a parameter may be called anything. */
function isRoute(method: string, path: string): boolean {
  const wanted = path.split('/').filter((part) => part !== '' && part !== '...');
  return Object.entries(paths).some(([route, methods]) => {
    const end = route.split('/').slice(-wanted.length);
    const fits = wanted.every(
      (part, at) => /^[{:]|^[A-Z]+$/.test(part) || /^\{/.test(end[at] ?? '') || part === end[at],
    );
    return fits && (method === '' || method in methods);
  });
}
