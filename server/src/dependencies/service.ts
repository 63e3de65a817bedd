import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Item } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Powers } from '../access/powers.ts';
import type { Environments } from '../environments/service.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Database } from '../store/tables.ts';
import { type Reference, readDependencies } from './read-dependencies.ts';
import { findHeldFlags, type HeldFlag } from './repository.ts';
import type { DependenciesSchema } from './schemas.ts';

type View = Static<typeof DependenciesSchema>;
type Node = View['nodes'][number];

export interface DependenciesOptions {
  readonly database: Database;
  readonly environments: Environments;
  readonly rulesets: Rulesets;
}

/** What depends on what in an environment: flags, segments, and the releases under way. */
export class Dependencies {
  readonly #options: DependenciesOptions;

  constructor(options: DependenciesOptions) {
    this.#options = options;
  }

  /** Releases are left out for whoever may not read them. @throws {ApiError} `not_found` */
  async read(caller: Powers, project: string, environment: string): Promise<View> {
    const { database, environments, rulesets } = this.#options;
    const { environment: row } = await environments.find(project, environment);
    const mayReleases = caller.can('release:read', { project, environment });
    const held = mayReleases ? await findHeldFlags(database, row.id) : [];
    const ruleset = rulesets.get(row.id);
    if (ruleset === undefined) throw new Error(`environment ${row.id} is not in memory`);
    const { revision } = ruleset;
    const items = ruleset.items();
    const references = await inTurns(readDependencies(items));
    const dependencies = [...references.map(toDependency), ...held.map(holdingOf)];
    const nodes = nodesOf(dependencies, held, ruleset);
    const countAlone = (kind: Item['kind']) =>
      items.filter((item) => item.kind === kind && !nodes.has(`${kind}:${item.key}`)).length;
    const alone = { flags: countAlone('flag'), segments: countAlone('segment') };
    return { revision, nodes: [...nodes.values()], dependencies, alone };
  }
}

/** Other work gets its turn between two steps. */
async function inTurns<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await nextTurn();
  }
}

function toDependency({ from, to, wants }: Reference): View['dependencies'][number] {
  return { from, to, why: wants ?? 'segment' };
}

function holdingOf({ id, flag }: HeldFlag): View['dependencies'][number] {
  return { from: `release:${id}`, to: `flag:${flag}`, why: 'release' };
}

function nodesOf(
  dependencies: View['dependencies'],
  held: readonly HeldFlag[],
  ruleset: LiveRuleset,
): Map<string, Node> {
  const killed = new Set(ruleset.kills.filter(({ engaged }) => engaged).map(({ flag }) => flag));
  const titles = new Map(held.map(({ id, title }) => [id, title]));
  const ids = new Set(dependencies.flatMap(({ from, to }) => [from, to]));
  const describe = (id: string): Node => {
    const [kind = '', ...rest] = id.split(':');
    const key = rest.join(':');
    if (kind === 'release') return { id, kind, key, name: titles.get(key) ?? key, state: 'under-way' };
    if (kind === 'segment') return { id, kind, key, name: key, state: ruleset.item(kind, key) ? 'used' : 'missing' };
    const item = ruleset.item('flag', key);
    const isOn = item !== undefined && JSON.parse(item.json).enabled === true;
    const state = item === undefined ? 'missing' : killed.has(key) ? 'killed' : isOn ? 'on' : 'off';
    return { id, kind: 'flag', key, name: key, state };
  };
  return new Map([...ids].map((id) => [id, describe(id)]));
}
