import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { Intervention } from '../api/types.ts';

const words: Readonly<Record<Intervention['result'], MessageDescriptor>> = {
  acted: msg`done`,
  would_have: msg`dry run: not done`,
  already: msg`was so already`,
  cooling_down: msg`waits: another kill was just before`,
  rate_limited: msg`too many kills: paused instead`,
  not_allowed: msg`not allowed`,
  failed: msg`failed`,
  lifted: msg`lifted`,
};

/** What became of what was asked for, in a few words. Newer servers may have further results. */
export function resultWords(result: string): string {
  const known = (words as Readonly<Record<string, MessageDescriptor>>)[result];
  return known === undefined ? result : t(known);
}
