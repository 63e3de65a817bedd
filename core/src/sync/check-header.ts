import {
  boolean,
  type Check,
  FINE,
  integer,
  isRecord,
  list,
  nameOf,
  object,
  type Problem,
  problem,
  text,
  within,
} from '../validate/check.ts';
import type { ServerMessage } from './messages.ts';

const count = integer(0, Number.MAX_SAFE_INTEGER);
const word = text(0, 1000);

const number: Check = (value) =>
  Number.isFinite(value) ? FINE : problem(`must be a finite number, is ${nameOf(value)}`);

const any: Check = () => FINE;

const revision = object({ incarnation: text(1, 200), number: count, hash: word });
const kill = { flag: text(1, 200), epoch: count, engaged: boolean };
const ruleset = { revision, committedAtMs: number, timeMs: number, 'dataAgeMs?': number, 'vouchAgeMs?': number };

/** Each value of a record. */
function record(check: Check): Check {
  return (value) => {
    if (!isRecord(value)) return problem(`must be an object, is ${nameOf(value)}`);
    return Object.entries(value).flatMap(([key, field]) => within(key, check(field)));
  };
}

const HEADERS: Readonly<Record<ServerMessage['type'], Check>> = {
  welcome: object({ takes: list(text(1, 100), 0, 100) }),
  snapshot: object({ ...ruleset, kills: list(object(kill)) }),
  changes: object({ ...ruleset, from: count, delete: list(object({ kind: text(1, 200), key: text(1, 200) })) }),
  kill: object(kill),
  // A way of sampling that only a newer server knows must not break the connection.
  settings: object({ contextSampling: word, privateAttributes: list(word), salt: word, maxPerMinute: number }),
  values: object({
    ...ruleset,
    'seq?': count,
    whole: boolean,
    values: record(object({ value: any, variant: word, reason: text(1, 100) })),
    delete: list(text(1, 200)),
  }),
  heartbeat: object({ 'timeMs?': number, 'dataAgeMs?': number, 'vouchAgeMs?': number }),
  goodbye: object({ retryAfterMs: count }),
  error: object({ code: text(1, 200), message: word, requestId: word }),
};

/** What is wrong with the header of a server's message. Of one whose type is unknown, nothing more can be said. */
export function checkServerHeader(header: unknown): readonly Problem[] {
  if (!isRecord(header)) return problem(`must be an object, is ${nameOf(header)}`);
  const { type } = header;
  if (typeof type !== 'string') return problem(`must be a string, is ${nameOf(type)}`, 'type');
  return isServerType(type) ? HEADERS[type](header) : FINE;
}

export function isServerType(type: string): type is ServerMessage['type'] {
  return Object.hasOwn(HEADERS, type);
}
