import { Type } from '@sinclair/typebox';
import { validationFailed } from './api-error.ts';

/** Header schema of routes that change what has a version. Other headers pass. */
export const IfMatchHeader = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'The version that you have seen, in quotes: "3"' })),
});

/** The version in an If-Match header; undefined when there is none or any will do. */
export function readIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  throw validationFailed([{ path: 'headers.if-match', message: 'must be one version in quotes, such as "3"' }]);
}
