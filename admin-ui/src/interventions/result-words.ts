import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Intervention } from '../api/types.ts';

/** What became of what was asked for, in a few words. */
export const resultWords: Readonly<Record<Intervention['result'], MessageDescriptor>> = {
  acted: msg`done`,
  would_have: msg`dry run: not done`,
  already: msg`was so already`,
  cooling_down: msg`waits: another kill was just before`,
  rate_limited: msg`too many kills: paused instead`,
  not_allowed: msg`not allowed`,
  failed: msg`failed`,
  lifted: msg`lifted`,
};
