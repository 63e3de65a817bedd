import { isIP } from 'node:net';
import type { AddressPolicy } from '../egress/address-policy.ts';

/** What may be shown of a connection URL. */
export interface ShownDatabase {
  readonly host: string;
  readonly database: string;
  readonly role: string;
}

/** Others name files of this machine, or another host. */
const PARAMETERS: readonly string[] = ['sslmode', 'uselibpqcompat'];

/**
 * Why a plan cannot use a connection URL, with the fix; undefined: it can.
 * @param own the URL of this server's own database, which people's SQL must not touch
 */
export function problemOfUrl(text: string, policy: AddressPolicy, own: string | undefined): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    return 'give a URL such as postgres://role:password@host:5432/database, special characters as %XX';
  }
  const url = new URL(text);
  const { hostname, username, pathname, searchParams } = url;
  if (hostname === '') return 'must name a host';
  if (username === '') return 'must name the role that the SQL runs with';
  if (pathname.length < 2) return 'must name a database';
  const odd = [...searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (odd !== undefined) return `has a parameter ${odd}: only ${PARAMETERS.join(' and ')} can be given`;
  if (own !== undefined && placeOf(url) === placeOf(new URL(own))) {
    return "leads to Bunting's own database: people's SQL runs in databases of their own";
  }
  const host = hostOf(url);
  if (isIP(host) === 0 || policy.allowsHost(host) || policy.allowsAddress(host)) return undefined;
  return `${host} is not on the public internet; to allow it, name the host, the address or its block in BUNTING_EGRESS_ALLOW`;
}

export function showUrl(text: string): ShownDatabase {
  const url = new URL(text);
  return {
    host: url.port === '' ? hostOf(url) : `${hostOf(url)}:${url.port}`,
    database: decodeURIComponent(url.pathname.slice(1)),
    role: decodeURIComponent(url.username),
  };
}

function placeOf({ hostname, port, pathname }: URL): string {
  return `${hostname.toLowerCase()}:${port || '5432'}${pathname}`;
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}
