import ipaddr from 'ipaddr.js';

/**
 * Who is counted as one when addresses are counted: an IPv4 address, or the /64 of an IPv6 address, for whoever has one
 * address of it has all.
 * @param address as the socket or the trusted proxy names it
 */
export function addressGroup(address: string): string {
  if (!address.includes(':') || !ipaddr.IPv6.isValid(address)) return address;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/64`).toString()}/64`;
}
