import { randomBytes } from 'node:crypto';
import { formatCookie, parseCookies } from './cookies.ts';

export const plans = ['guest', 'member', 'trade'] as const;
export const devices = ['desktop', 'phone', 'tablet'] as const;
export const countries = ['AT', 'DE', 'FR', 'GB', 'NL', 'SE', 'US'] as const;

/** Whoever is asking: the subject of every flag evaluation in this shop. */
export interface Visitor {
  /** Stable for a browser; kept in a cookie. It is the targeting key, so splits put a visitor where they were. */
  readonly id: string;
  /** ISO 3166 code; undefined when the browser does not tell. */
  readonly country: string | undefined;
  readonly device: (typeof devices)[number];
  readonly plan: (typeof plans)[number];
}

/** Reads who a request is from, and says which cookies to set when it is somebody new. */
export function identifyVisitor(headers: {
  readonly cookie?: string | undefined;
  readonly 'user-agent'?: string | undefined;
  readonly 'accept-language'?: string | undefined;
}): { visitor: Visitor; setCookies: string[] } {
  const cookies = parseCookies(headers.cookie);
  const known = cookies.get('visitor');
  const id = known !== undefined && /^[a-z0-9-]{3,40}$/.test(known) ? known : newVisitorId();
  const visitor: Visitor = {
    id,
    country: readCountry(cookies.get('country'), headers['accept-language']),
    device: readDevice(headers['user-agent']),
    plan: plans.find((plan) => plan === cookies.get('plan')) ?? 'guest',
  };
  return { visitor, setCookies: id === known ? [] : [formatCookie('visitor', id)] };
}

export function newVisitorId(): string {
  return `v-${randomBytes(6).toString('hex')}`;
}

/** A visitor as flags see them. */
export function contextOf(visitor: Visitor): { targetingKey: string } & Record<string, string> {
  const { id, country, device, plan } = visitor;
  return { targetingKey: id, device, plan, ...(country === undefined ? {} : { country }) };
}

/** The chosen country, or the region of the browser's first language (`de-AT` is AT). */
function readCountry(chosen: string | undefined, languages: string | undefined): string | undefined {
  if (chosen !== undefined && /^[A-Z]{2}$/.test(chosen)) return chosen;
  return /^[a-z]{2,3}-([A-Z]{2})\b/.exec(languages ?? '')?.[1];
}

function readDevice(userAgent = ''): Visitor['device'] {
  if (/iPad|Tablet/.test(userAgent)) return 'tablet';
  return /Mobi/.test(userAgent) ? 'phone' : 'desktop';
}
