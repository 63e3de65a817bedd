import type { Api } from '../../../tools/demo-api.ts';
import type { Operation } from './document.ts';

const API = '/api/v1';
/** Lists are long after a while; what is newest or first by name is enough. */
const LIMIT = 50;

/**
 * What there is in the scene, by the list that has it: so that requests name what exists. A list of one project is
 * `/projects/a/flags`, one of an environment `/projects/a/environments/production/keys`.
 */
export class Pool {
  readonly #ids: ReadonlyMap<string, readonly string[]>;

  private constructor(ids: ReadonlyMap<string, readonly string[]>) {
    this.#ids = ids;
  }

  /** What names can be put in the place of a path's parameter. @param list the path up to it, filled in */
  of(list: string): readonly string[] {
    return this.#ids.get(list) ?? [];
  }

  /** Everything that is named by lists which end so and are below a place: `flags` of all projects. */
  all(ending: string, below = ''): readonly string[] {
    return [...this.#ids].flatMap(([list, ids]) => (list.endsWith(`/${ending}`) && list.startsWith(below) ? ids : []));
  }

  /**
   * Reads every list of the API, of these projects and what is in them.
   * @param api may read everything
   * @param spared ids that no request may name, such as those of the callers themselves
   */
  static async fill(
    api: Api,
    operations: readonly Operation[],
    projects: readonly string[],
    spared: ReadonlySet<string>,
  ): Promise<Pool> {
    const ids = new Map<string, readonly string[]>([['/projects', projects]]);
    for (const template of listsOf(operations)) {
      for (const list of filledIn(template, ids)) {
        if (ids.has(list)) continue;
        const { status, body } = await api.request('GET', list);
        if (status === 200)
          ids.set(
            list,
            namesIn(body)
              .filter((name) => !spared.has(name))
              .slice(0, LIMIT),
          );
      }
    }
    return new Pool(ids);
  }
}

/** Paths that answer lists whose items have paths of their own, shorter ones first. */
function listsOf(operations: readonly Operation[]): string[] {
  const parents = operations.flatMap(({ path }) =>
    [...path.matchAll(/\/\{\w+\}/g)].map((parameter) => path.slice(0, parameter.index)),
  );
  const reads = operations.filter(({ method, path }) => method === 'GET' && path.startsWith(API));
  const lists = reads.map(({ path }) => path).filter((path) => parents.includes(path));
  return [...new Set(lists)]
    .map((path) => path.slice(API.length))
    .sort((a, b) => a.split('/').length - b.split('/').length);
}

/** The template's parameters replaced by what is known; of what is below a thing, only the first things' is read. */
function filledIn(template: string, ids: ReadonlyMap<string, readonly string[]>): string[] {
  const parameter = template.match(/^(.*?)\/\{(\w+)\}(.*)$/);
  if (parameter === null) return [template];
  const [, list = '', name = '', rest = ''] = parameter;
  const isPlace = name === 'project' || name === 'environment';
  const names = (ids.get(list) ?? []).slice(0, isPlace ? 4 : 2);
  return names.flatMap((name) => filledIn(`${list}/${encodeURIComponent(name)}${rest}`, ids));
}

/** By what the items of a list may be asked for. */
function namesIn(body: unknown): string[] {
  const items = (body as { items?: unknown }).items;
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: Record<string, unknown>) =>
    ['key', 'id', 'number', 'epoch', 'tab'].flatMap((field) => {
      const name = item[field];
      return typeof name === 'string' || typeof name === 'number' ? [String(name)] : [];
    }),
  );
}
