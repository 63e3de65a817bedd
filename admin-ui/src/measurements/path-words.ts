import { msg, t } from '@lingui/core/macro';
import { say, type Words } from '../locales/say.ts';

/** The name that code gave an event stands behind it. */
const eventMark = 'event:';

const names: Readonly<Record<string, Words>> = {
  run: 'flags.run',
  'read.old': msg`reads of the old store`,
  'read.new': msg`reads of the new store`,
  'write.old': msg`writes to the old store`,
  'write.new': msg`writes to the new store`,
  current: msg`the current side`,
  candidate: msg`the candidate`,
};

/** A measured path as people call it: `reads of the old store`, `event checkout`. */
export function pathName(path: string): string {
  if (isEvent(path)) return t`event ${path.slice(eventMark.length)}`;
  return say(names[path] ?? path);
}

/** An event takes no time: what stands in its place is its value. */
export function isEvent(path: string): boolean {
  return path.startsWith(eventMark);
}
