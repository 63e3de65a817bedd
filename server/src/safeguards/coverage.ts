import { setImmediate } from 'node:timers/promises';
import type { Flag } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { notFound } from '../http/api-error.ts';
import { DEFAULT_LIMIT, readCursor, toPage } from '../http/page.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Case } from './case.ts';
import type { CoverageQuery, CoverageSchema } from './coverage-schemas.ts';
import { detectableBy } from './detectable-by.ts';
import type { Safeguard } from './safeguard.ts';
import type { SafeguardBook } from './safeguard-book.ts';
import type { EnvironmentKeys } from './service.ts';
import { explainCase, explainNothing } from './silence.ts';
import type { SafeguardWatch } from './watch.ts';

type CoverageView = Static<typeof CoverageSchema>;
type CoveredFlag = CoverageView['items'][number];

/** So many flags are looked at before others get their turn: a millisecond or two. */
const AT_ONCE = 100;

export interface CoverageDependencies {
  readonly rulesets: Rulesets;
  readonly book: SafeguardBook;
  readonly watch: Pick<SafeguardWatch, 'casesIn' | 'explainPolled'>;
  readonly now: () => number;
}

/** Which flags of an environment are watched, which are not, and where nothing would be seen; from memory alone. */
export class Coverage {
  readonly #dependencies: CoverageDependencies;

  constructor(dependencies: CoverageDependencies) {
    this.#dependencies = dependencies;
  }

  async get(
    { project, environment }: EnvironmentKeys,
    { sight, cursor, limit = DEFAULT_LIMIT }: Static<typeof CoverageQuery>,
  ): Promise<CoverageView> {
    const [afterFlag = ''] = readCursor(cursor, ['string']) ?? [];
    const { rulesets } = this.#dependencies;
    const ruleset = rulesets.named(project, environment);
    if (ruleset === undefined) throw notFound(`environment "${environment}" in project "${project}"`);
    const all = await this.#lookAtAll(ruleset);
    const count = (wanted: CoveredFlag['sight']) => all.filter((flag) => flag.sight === wanted).length;
    const rows = all
      .filter((flag) => (sight === undefined || flag.sight === sight) && flag.flag > afterFlag)
      .slice(0, limit + 1);
    return {
      ...{ watched: count('watched'), blind: count('blind'), unwatched: count('unwatched') },
      ...toPage(rows, limit, ({ flag }) => [flag]),
    };
  }

  /** Those that are on and not killed, by key. */
  async #lookAtAll(ruleset: LiveRuleset): Promise<CoveredFlag[]> {
    const killed = new Set(ruleset.kills.flatMap(({ flag, engaged }) => (engaged ? [flag] : [])));
    const cases = new Map<string, Case[]>();
    for (const each of this.#dependencies.watch.casesIn(ruleset.environmentId)) {
      const ofFlag = cases.get(each.flag);
      if (ofFlag === undefined) cases.set(each.flag, [each]);
      else ofFlag.push(each);
    }
    const items = ruleset.items().filter(({ kind, key }) => kind === 'flag' && !killed.has(key));
    const found: CoveredFlag[] = [];
    for (const [at, item] of items.entries()) {
      // Read anew each time: of 10 000 flags nobody wants to keep what was read beside what is served.
      const flag = JSON.parse(item.json) as Flag;
      if (flag.enabled) found.push(this.#lookAt(ruleset.environmentId, flag, cases.get(item.key) ?? []));
      if (at % AT_ONCE === AT_ONCE - 1) await setImmediate();
    }
    return found.sort((a, b) => (a.flag < b.flag ? -1 : 1));
  }

  #lookAt(environmentId: string, document: Flag, cases: readonly Case[]): CoveredFlag {
    const { key: flag } = document;
    const { book, watch, now } = this.#dependencies;
    const safeguards = [
      ...book.of(environmentId, flag),
      ...book.polled.filter((each) => each.environmentId === environmentId && each.watch.flag === flag),
    ].filter(seesHarm);
    const found = { flag, safeguards: safeguards.length };
    const [first] = safeguards;
    if (first === undefined) return { ...found, sight: 'unwatched', why: null };
    let why: string | null = null;
    for (const each of cases.filter(({ safeguard }) => seesHarm(safeguard))) {
      const silence = watch.explainPolled(each.safeguard.id) ?? explainCase(each, now());
      if (silence === null && detectableBy(each) !== null) return { ...found, sight: 'watched', why: null };
      why ??= silence ?? 'There is too little traffic to see anything within 10 minutes.';
    }
    why ??= watch.explainPolled(first.id) ?? explainNothing(first, flag, document, false, now());
    return { ...found, sight: 'blind', why };
  }
}

/** Who gets which variant says nothing of what it does to them. */
function seesHarm({ metric }: Safeguard): boolean {
  return metric.kind !== 'exposures';
}
