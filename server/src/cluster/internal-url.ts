import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/** Where other servers reach one that listens on `host`: as configured, else derived from where it listens. */
export function internalUrlOf(configured: string | undefined, host: string, { port }: AddressInfo): string {
  if (configured !== undefined) return configured;
  const name = isWildcard(host) ? (firstAddress() ?? hostname()) : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** An address rather than the name: inside containers names are often known to nobody else. IPv4 first. */
function firstAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address !== undefined && !address.internal && !address.address.startsWith('fe80:'));
  return (addresses.find((address) => address?.family === 'IPv4') ?? addresses[0])?.address;
}
