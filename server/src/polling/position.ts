import { createHash } from 'node:crypto';
import type { Kill, Revision } from '@bunting/core';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';

/** What a client has. */
export interface Position {
  readonly revision: Revision;
  /** The state of the kills; undefined when the client does not say. */
  readonly kills: string | undefined;
}

/** What `have` and `Last-Event-ID` look like. */
export const POSITION_PATTERN = '^[^.]{1,200}\\.\\d{1,15}\\.[^.]{0,200}(\\.[^.]{1,200})?$';
const FORM = new RegExp(POSITION_PATTERN);

/** What an environment serves as one word: it differs after every change and every kill, and is alike on all servers. */
export function positionOf({ revision, kills }: LiveRuleset): string {
  const { incarnation, number, hash } = revision;
  return `${incarnation}.${number}.${hash}.${digest(kills)}`;
}

/** Undefined when the text is no position. */
export function readPosition(text: string): Position | undefined {
  if (!FORM.test(text)) return undefined;
  const [incarnation = '', number, hash = '', kills] = text.split('.');
  return { revision: { incarnation, number: Number(number), hash }, kills };
}

/** 64 bits of the kills, whatever the order they came in. */
function digest(kills: readonly Kill[]): string {
  if (kills.length === 0) return '0';
  const texts = kills.map(({ flag, epoch, engaged }) => `${flag} ${epoch} ${engaged}`).sort();
  return createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);
}
