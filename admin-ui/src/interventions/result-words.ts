import type { Intervention } from '../api/types.ts';

/** What became of what was asked for, in a few words. */
export const resultWords: Readonly<Record<Intervention['result'], string>> = {
  acted: 'done',
  would_have: 'dry run: not done',
  already: 'was so already',
  cooling_down: 'waits: another kill was just before',
  rate_limited: 'too many kills: paused instead',
  not_allowed: 'not allowed',
  failed: 'failed',
  lifted: 'lifted',
};
