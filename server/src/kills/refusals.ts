import { ApiError } from '../http/api-error.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { KillPlace } from './kill-place.ts';

/**
 * What is not served, because it never was or is archived, needs no kill. Documents are not looked at.
 * @throws {ApiError} `not_found`
 */
export function requireFlag(ruleset: LiveRuleset, { project, environment, flag }: KillPlace): void {
  if (ruleset.item('flag', flag) !== undefined) return;
  throw new ApiError(
    'not_found',
    `Environment "${environment}" of project "${project}" serves no flag "${flag}": it does not exist, or is archived ` +
      "and SDKs serve their callers' defaults already. Check the key, or restore the flag first.",
  );
}

export function neverKilled({ environment, flag }: KillPlace): ApiError {
  return new ApiError('conflict', `Flag "${flag}" is not killed in ${environment}: there is nothing to re-arm.`);
}
