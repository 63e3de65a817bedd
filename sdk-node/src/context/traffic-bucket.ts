import { randomInt } from 'node:crypto';

/** A request of Node's own, or of a framework that has its headers. */
interface WithHeaders {
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** A visitor's place among all, by which load balancers and flags divide them alike. */
interface TrafficBucket {
  /** Five digits, 00000 to 99999. */
  readonly bucket: string;
  /** What to send as Set-Cookie: nobody gave the visitor one so far. */
  readonly cookie: string | undefined;
}

const COOKIE = 'bunting_bucket';
const HEADER = 'bunting-bucket';
const YEAR_SECONDS = 31_536_000;

/** A request is asked about more than once, and is one visitor's. */
const thrown = new WeakMap<object, TrafficBucket>();

/**
 * The bucket that a load balancer says (it then sets the cookie itself), that of the cookie, or a new one. Visitors can
 * write both as they like: it decides what they see, never what they may.
 */
export function readTrafficBucket(request: object): TrafficBucket {
  const { headers = {} } = request as WithHeaders;
  const told = headers[HEADER];
  if (typeof told === 'string' && /^[0-9]{5}$/.test(told)) return { bucket: told, cookie: undefined };
  const kept = /(?:^|;\s*)bunting_bucket=([0-9]{5})(?:;|$)/.exec(String(headers.cookie ?? ''))?.[1];
  if (kept !== undefined) return { bucket: kept, cookie: undefined };
  const before = thrown.get(request);
  if (before !== undefined) return before;
  const bucket = String(randomInt(100_000)).padStart(5, '0');
  const made = { bucket, cookie: `${COOKIE}=${bucket}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax` };
  thrown.set(request, made);
  return made;
}
