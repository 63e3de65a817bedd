import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { ReleaseTemplate } from '../../api/types.ts';

/** When to take a way that comes with the server, by its key. */
const byKey: Readonly<Record<string, MessageDescriptor>> = {
  'canary-then-flags': msg`a version brings risky features: when something breaks you want to know which of the two it was.`,
  contract: msg`nobody has missed what is old for a while, and a backup of it exists.`,
  full: msg`one change needs all three: another schema, the code for it, and features on top.`,
};

/** When to take a strategy. */
const byStrategy: Readonly<Record<ReleaseTemplate['strategy'], MessageDescriptor>> = {
  flag_only: msg`the code is deployed everywhere, and you want few people to meet it first.`,
  canary: msg`a new version is to prove itself on a few requests before it gets them all.`,
  blue_green: msg`both versions fit side by side, and you want to try the new one before anyone meets it.`,
  rolling: msg`instances are replaced one after the other, and requests must end where they began.`,
  dark_launch: msg`you want to know how the new version bears the load, before anyone gets its answers.`,
  hot_patch: msg`it is urgent: minutes count, and the way back must stay open for long.`,
  ab_test: msg`you want to learn which variant is better, with shares that stay as they are.`,
  migration: msg`a table or a store changes under a service that must not stop.`,
};

/** When to take a template, in the second half of a sentence. */
export function takeWhen({
  key,
  strategy,
  isBuiltIn,
}: Pick<ReleaseTemplate, 'key' | 'strategy' | 'isBuiltIn'>): string {
  return t((isBuiltIn ? byKey[key] : undefined) ?? byStrategy[strategy]);
}
