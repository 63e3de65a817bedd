import fc, { type Arbitrary } from 'fast-check';
import type { Caller } from './callers.ts';
import type { ApiDocument, Operation } from './document.ts';
import type { Pool } from './pool.ts';
import { type Hints, Shapes } from './shapes.ts';
import { type SignalSource, signalRequests } from './signals.ts';
import { asItIs, spoils } from './spoil.ts';

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
        type: mostly(20, body?.type ?? 'application/json', fc.constantFrom(...TYPES)),
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

  #paths({ path }: Operation): Arbitrary<string> {
    const parts = path.split('/');
    const names = parts.flatMap((part) => (/^\{\w+\}$/.test(part) ? [part.slice(1, -1)] : []));
    return fc.record({ project: fc.constantFrom(...PROJECTS), other: fc.constantFrom(...PROJECTS) }).chain((of) =>
      fc
        .record({
          picks: fc.array(
            fc.record({ isOther: oneIn(12), isStrange: oneIn(12), at: fc.nat(60), text: strangePathText }),
            {
              minLength: names.length,
              maxLength: names.length,
            },
          ),
          trick: sometimes(25, fc.constantFrom<(path: string) => string>(...PATH_TRICKS)),
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
    const fields = headers.map(({ name }) => [name, HEADER_VALUES[name] ?? fc.constantFrom('x', '')] as const);
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

const absentOr = (arbitrary: Arbitrary<string>) => mostly(4, '', arbitrary);

const HEADER_VALUES: Readonly<Record<string, Arbitrary<string>>> = {
  'if-match': absentOr(
    fc.constantFrom('*', '"1"', '"2"', 'W/"1"', '1', '"99999999999999999999"', '"', '"a", "b"', '"-1"'),
  ),
  'if-none-match': absentOr(fc.constantFrom('*', '"1"', 'W/"1", "2"', '"'.repeat(500), '"x.1.y"', ',,,')),
  'idempotency-key': absentOr(
    fc.oneof(fc.constantFrom('k', 'x'.repeat(300), '"', 'Ünï'), fc.stringMatching(/^[a-z0-9-]{8,40}$/)),
  ),
  'bunting-comment': absentOr(fc.constantFrom('because', '%F0%9F', '%', 'x'.repeat(5_000), '%00', '\u00ff\u00fe')),
  'bunting-break-glass': absentOr(fc.constantFrom('true', 'false', '1', 'x')),
  'x-context-hash': absentOr(fc.constantFrom('00', 'x'.repeat(64), '0'.repeat(64))),
};

const TYPES = [
  'text/plain',
  'application/xml',
  'application/json; charset=utf-16',
  'application/json;;;',
  'application/json, text/plain',
  'APPLICATION/JSON',
  'application/scim+json',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  '/',
  '',
];

/** What a client would hardly send. */
const strangeHeaders: Arbitrary<Record<string, string | string[]>> = fc.oneof(
  fc
    .constantFrom(
      '',
      'Bearer',
      'Bearer ',
      'Bearer a b',
      'Basic Og==',
      'Basic ====',
      'Digest x',
      `Bearer ${'x'.repeat(7_000)}`,
      'Bearer bnt_adm_',
      'bearer \u00ff',
    )
    .map((authorization) => ({ authorization })),
  fc
    .constantFrom(
      'bunting_session=',
      'bunting_session=%00',
      'bunting_session=x; bunting_session=y',
      `a=${'x'.repeat(7_000)}`,
      '=;=;',
      '__Host-bunting_session=%',
    )
    .map((cookie) => ({ cookie })),
  fc.constantFrom('https://evil.example', 'null', '', 'http://[', 'x').map((origin) => ({ origin })),
  fc.constantFrom('cross-site', 'none', 'x', 'same-origin').map((value) => ({ 'sec-fetch-site': value })),
  fc.constantFrom('evil.example', '', 'a b', '[::1', 'localhost:99999').map((host) => ({ host })),
  fc
    .constantFrom('gzip', 'br;q=0, *', 'x'.repeat(2_000), 'identity;q=0')
    .map((value) => ({ 'accept-encoding': value })),
  fc.constantFrom('gzip', 'deflate', 'br', 'x').map((value) => ({ 'content-encoding': value })),
  fc.constantFrom('text/event-stream', 'x/', '*/*;q=9', 'application/xml').map((accept) => ({ accept })),
  fc
    .constantFrom('1.2.3.4', 'x, y, z', '::1', '"')
    .map((value) => ({ 'x-forwarded-for': value, 'x-forwarded-host': value })),
  fc.constantFrom('PATCH', 'DELETE', 'X').map((value) => ({ 'x-http-method-override': value })),
  fc.constantFrom('x.1.y', '-1', '\u00ff', 'x'.repeat(3_000), '[1]').map((value) => ({ 'last-event-id': value })),
  fc.constantFrom('100-continue', 'x').map((expect) => ({ expect })),
  fc.constantFrom('bytes=0-1', 'bytes=-1,0-0', 'x').map((range) => ({ range })),
  fc.constant({ 'x-a': Array.from({ length: 60 }, (_, at) => `${at}`) }),
  fc.constant({ 'x-large': 'x'.repeat(20_000) }),
  fc.constant({ connection: 'upgrade', upgrade: 'websocket' }),
);

const strangePathText = fc.oneof(
  fc.constantFrom(
    '%00',
    '%2e%2e',
    '..',
    '.',
    '%2F',
    '..%2f..%2fetc%2fpasswd',
    '%',
    '%zz',
    '%ff%fe',
    '%ed%a0%80',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    '*',
    ':project',
    '-1',
    '0',
    '9007199254740993',
    '1e3',
    'NaN',
    'null',
    'undefined',
    '%E2%80%AE',
    'e%CC%81',
    '',
    ' ',
    "'%20OR%201=1--",
    'x'.repeat(199),
    'x'.repeat(3_000),
    '00000000-0000-0000-0000-000000000000',
  ),
  fc.string({ maxLength: 20 }).map(encodeText),
);

const PATH_TRICKS: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => `${path}/..`,
  (path) => path.replaceAll('/', '//'),
  (path) => path.replace(/\/(\w)/, '/%2e%2e/$1'),
  (path) => path.toUpperCase(),
  (path) => `${path};x=1`,
  (path) => `${path}%00`,
  (path) => path.replace('/', '\\'),
  (path) => `${path}.json`,
  (path) => `${path}#x`,
  (path) => `http://evil.example${path}`,
  (path) => path.replace(/^\/[^/]+/, '/internal'),
  (path) => `${path}?${'x=1&'.repeat(2_000)}`,
];

/** What there is, for fields of bodies and queries that name it. */
function hintsFrom(pool: Pool): Hints {
  const from = (...endings: string[]) => {
    const names = [...new Set(endings.flatMap((ending) => pool.all(ending)))];
    return fc.constantFrom(...(names.length > 0 ? names : ['none']));
  };
  const flags = from('flags');
  const environments = fc.constantFrom('production', 'development', 'production', 'none');
  const variants = fc.constantFrom('on', 'off', 'v0', 'v1', 'v2', 'none');
  const projects = fc.constantFrom('a', 'b');
  const nowhere = fc.constantFrom(
    'https://nowhere.invalid/',
    'http://127.0.0.1:9/',
    'http://169.254.169.254/',
    'file:///etc/passwd',
  );
  const file = fc.constantFrom('/nonexistent/file', '/nonexistent/../x', '');
  const byField: Readonly<Record<string, Arbitrary<unknown>>> = {
    flag: flags,
    flags,
    keys: flags,
    environment: environments,
    environments,
    from: environments,
    to: environments,
    project: projects,
    projects,
    segment: from('segments'),
    variant: variants,
    offVariant: variants,
    safeVariant: variants,
    candidate: variants,
    baseline: variants,
    user: from('users'),
    group: from('groups'),
    id: from('users', 'groups', 'service-accounts'),
    role: fc.oneof(from('roles'), fc.constantFrom('viewer', 'editor')),
    source: from('signal-sources', 'data-sources'),
    safeguard: from('safeguards'),
    changeRequest: from('change-requests'),
    release: from('releases'),
    plan: from('migration-plans'),
    target: from('traffic-targets'),
    attribute: fc.constantFrom('country', 'org.plan', 'targetingKey', '__proto__'),
    url: nowhere,
    urls: nowhere,
    issuer: nowhere,
    webhook: nowhere,
    prometheus: nowhere,
    admin: nowhere,
    status: nowhere,
    include: file,
    config: file,
    file,
    runtime: fc.constantFrom('/nonexistent/socket', '127.0.0.1:9'),
    kubeconfig: fc.constant('none'),
  };
  return (field) => byField[field];
}

function sometimes<T>(oneOf: number, arbitrary: Arbitrary<T>): Arbitrary<T | undefined> {
  return fc.oneof({ weight: oneOf - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

function mostly<T>(oneOf: number, value: T, otherwise: Arbitrary<T>): Arbitrary<T> {
  return fc.oneof({ weight: oneOf - 1, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: otherwise });
}

function oneIn(count: number): Arbitrary<boolean> {
  return mostly(count, false, fc.constant(true));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** As `encodeURIComponent`, which throws at half a surrogate. */
function encodeText(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
