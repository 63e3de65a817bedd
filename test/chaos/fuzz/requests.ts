import fc, { type Arbitrary } from 'fast-check';
import type { Caller } from './callers.ts';
import type { ApiDocument, Operation } from './document.ts';
import { hintsFrom } from './hints.ts';
import { mostly, oneIn, sometimes } from './odds.ts';
import type { Pool } from './pool.ts';
import { Shapes } from './shapes.ts';
import { type SignalSource, signalRequests } from './signals.ts';
import { asItIs, spoils } from './spoil.ts';
import { encodeText, pathTricks, strangePathText } from './strange-addresses.ts';
import { headerValues, strangeHeaders, strangeTypes } from './strange-headers.ts';

/** A request as it is sent. */
export interface FuzzRequest {
  readonly caller: Caller;
  readonly operation: Operation;
  readonly method: string;
  /** Path and query, as they are sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer | undefined;
  /** The connection is ended after so many bytes of the body. */
  readonly cutAt: number | undefined;
}

const PROJECTS = ['a', 'b'];
/** The one that may be deleted: without the others, nothing would be left to ask for. */
const EXPENDABLE_PROJECTS = ['expendable'];
const API = '/api/v1';

/** Requests of all operations, by all callers: a third as the document has them, the others wrong in one way or more. */
export class Requests {
  readonly #operations: readonly Operation[];
  readonly #callers: readonly Caller[];
  readonly #pool: Pool;
  readonly #sources: readonly SignalSource[];
  readonly #shapes: Shapes;
  readonly #known = new Map<Operation, Arbitrary<Omit<FuzzRequest, 'caller'>>>();

  constructor(
    document: ApiDocument,
    { callers, pool, sources }: { callers: readonly Caller[]; pool: Pool; sources: readonly SignalSource[] },
  ) {
    this.#operations = document.operations;
    this.#callers = callers;
    this.#pool = pool;
    this.#sources = sources;
    this.#shapes = new Shapes(document.resolve, hintsFrom(pool));
  }

  any(): Arbitrary<FuzzRequest> {
    return fc
      .record({ caller: callersOf(this.#callers), operation: fc.constantFrom(...this.#operations) })
      .chain(({ caller, operation }) => this.#of(operation).map((request): FuzzRequest => ({ caller, ...request })));
  }

  /** Signals of vendors: their bodies are described by none of our schemas. */
  #signals(operation: Operation): Arbitrary<Omit<FuzzRequest, 'caller'>> {
    return signalRequests(this.#sources, spoilsOrNone).map(({ source, headers, body }) => ({
      operation,
      method: operation.method,
      target: operation.path.replace('{source}', source),
      headers,
      body,
      cutAt: undefined,
    }));
  }

  #of(operation: Operation): Arbitrary<Omit<FuzzRequest, 'caller'>> {
    let known = this.#known.get(operation);
    if (known === undefined) {
      known = operation.path === '/signals/{source}' ? this.#signals(operation) : this.#make(operation);
      this.#known.set(operation, known);
    }
    return known;
  }

  #make(operation: Operation): Arbitrary<Omit<FuzzRequest, 'caller'>> {
    const { method, body } = operation;
    return fc
      .record({
        path: this.#paths(operation),
        query: this.#queries(operation),
        declared: this.#declaredHeaders(operation),
        strange: sometimes(7, strangeHeaders),
        method: mostly(
          30,
          method,
          fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'),
        ),
        document: body === undefined ? sometimes(9, fc.jsonValue()) : this.#shapes.of(body.schema),
        spoil: spoilsOrNone,
        type: mostly(20, body?.type ?? 'application/json', fc.constantFrom(...strangeTypes)),
        cut: sometimes(60, fc.nat(200)),
      })
      .map(({ path, query, declared, strange, document, spoil, type, cut, method }) => {
        const content = document === undefined ? undefined : Buffer.from(spoil(document));
        return {
          operation,
          method,
          target: `${path}${query}`,
          headers: { ...declared, ...(content === undefined ? {} : { 'content-type': type }), ...strange },
          body: content,
          cutAt: content === undefined || cut === undefined ? undefined : Math.min(cut, content.length - 1),
        };
      });
  }

  #paths({ path, method }: Operation): Arbitrary<string> {
    const projects = method === 'DELETE' && path === `${API}/projects/{project}` ? EXPENDABLE_PROJECTS : PROJECTS;
    const parts = path.split('/');
    const names = parts.flatMap((part) => (/^\{\w+\}$/.test(part) ? [part.slice(1, -1)] : []));
    return fc.record({ project: fc.constantFrom(...projects), other: fc.constantFrom(...projects) }).chain((of) =>
      fc
        .record({
          picks: fc.array(
            fc.record({ isOther: oneIn(12), isStrange: oneIn(12), at: fc.nat(60), text: strangePathText }),
            {
              minLength: names.length,
              maxLength: names.length,
            },
          ),
          trick: sometimes(25, fc.constantFrom<(path: string) => string>(...pathTricks)),
        })
        .map(({ picks, trick }) => {
          // What is really there is looked for by the place as it is really called; what is sent may be called otherwise.
          let place = '';
          let sent = '';
          let number = 0;
          for (const part of parts.slice(1)) {
            const pick = /^\{\w+\}$/.test(part) ? picks[number++] : undefined;
            if (pick === undefined) {
              place += `/${part}`;
              sent += `/${part}`;
              continue;
            }
            const name = part.slice(1, -1);
            const known = this.#namesOf(name, place, pick.isOther ? of.other : of.project);
            const chosen = known[pick.at % Math.max(1, known.length)] ?? 'none';
            place += `/${encodeURIComponent(chosen)}`;
            sent += `/${pick.isStrange ? pick.text : encodeURIComponent(chosen)}`;
          }
          return trick === undefined ? sent : trick(sent);
        }),
    );
  }

  #namesOf(parameter: string, place: string, project: string): readonly string[] {
    if (parameter === 'project') return [project];
    const home = `/projects/${project}`;
    const list = place.replace(API, '').replace(/^\/projects\/\w+/, home);
    const names = this.#pool.of(list);
    if (names.length > 0) return names;
    const byName = { environment: `${home}/environments`, flag: `${home}/flags`, key: `${home}/flags` }[parameter];
    if (byName !== undefined) return this.#pool.of(byName);
    const elsewhere = this.#pool.all(list.split('/').at(-1) ?? '', home);
    if (elsewhere.length > 0) return elsewhere;
    if (['number', 'other', 'epoch', 'run'].includes(parameter)) return ['1', '2', '3', '5', '8', '13'];
    if (parameter === 'source') return this.#pool.of('/signal-sources');
    return parameter === 'id'
      ? ['User', 'Group', ...this.#pool.of('/users'), ...this.#pool.of('/groups')]
      : ['fuzz-tab-1'];
  }

  #queries({ query }: Operation): Arbitrary<string> {
    const fields = query.map(({ name, schema }) => [name, this.#shapes.of(schema, name)] as const);
    const good = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
    const strange = fc.constantFrom(
      '',
      '&',
      '&x=1',
      '&limit=1&limit=2',
      '&limit=1e3',
      '&cursor=%00',
      '&=&&',
      '&cursor[]=1',
    );
    const values = sometimes(6, fc.record({ at: fc.nat(20), text: strangePathText }));
    return fc.record({ good, tail: mostly(12, '', strange), spoilt: values }).map(({ good, tail, spoilt }) => {
      const pairs = Object.entries(good).map(([name, value]) => [name, encodeText(textOf(value))]);
      const target = spoilt && pairs[spoilt.at % Math.max(1, pairs.length)];
      if (target) target[1] = spoilt.text;
      const text = pairs.map(([name, value]) => `${name}=${value}`).join('&') + tail;
      return text === '' ? '' : `?${text}`;
    });
  }

  #declaredHeaders({ headers }: Operation): Arbitrary<Record<string, string>> {
    const fields = headers.map(({ name }) => [name, headerValues[name] ?? fc.constantFrom('x', '')] as const);
    return fc.record(Object.fromEntries(fields), { requiredKeys: [] }).map((all) => {
      // Each of them is rather absent: an If-Match that matches nothing would keep every request from getting further.
      const kept = Object.entries(all).filter(([, value]) => value !== undefined && value !== '');
      return Object.fromEntries(kept) as Record<string, string>;
    });
  }
}

/** Those who may do more are heard more often: their requests get furthest. */
function callersOf(callers: readonly Caller[]): Arbitrary<Caller> {
  const weightOf = ({ name }: Caller) => (/^owner|^admin/.test(name) ? 5 : 1);
  return fc.oneof(...callers.map((caller) => ({ weight: weightOf(caller), arbitrary: fc.constant(caller) })));
}

const spoilsOrNone = fc.oneof(fc.constant(asItIs), spoils);

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
