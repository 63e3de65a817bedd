import type { Api } from '../../tools/demo-api.ts';
import { changeFlag } from '../processes/flags.ts';
import { makeFiveRuleFlags as specify } from './data-set.ts';
import { makeFlag } from './ruleset.ts';
import type { Options } from './subject.ts';

/** Makes flags of five rules as people do, through the API. @returns the last one's key */
export async function makeFiveRuleFlags(api: Api, count: number, { say }: Options): Promise<string> {
  say(`making ${count} flags of five rules ...`);
  let lastKey = '';
  for (const spec of specify(count).flags) {
    const { key, type, variants, enabled, offVariant, rules, defaultRule } = makeFlag(spec);
    await api.call('POST', '/projects/default/flags', { key, type, variants });
    await changeFlag(api, key, { enabled, offVariant, rules, defaultRule });
    lastKey = key;
  }
  return lastKey;
}
