import ipaddr from 'ipaddr.js';

/** Where this server may send requests that people asked for: to public addresses, and to what is allowed openly. */
export interface AddressPolicy {
  /** Whether a host may be reached whatever address it has, and without TLS. */
  allowsHost(host: string): boolean;
  allowsAddress(address: string): boolean;
}

type Block = ReturnType<typeof ipaddr.parseCIDR>;

/**
 * Reads an allow-list: addresses, blocks of them (`10.0.0.0/8`), host names, or `*` for everything.
 * @throws {Error} that names the entry that is none of these
 */
export function readAddressPolicy(entries: readonly string[]): AddressPolicy {
  const hosts = new Set<string>();
  const blocks: Block[] = [];
  for (const entry of entries) {
    if (ipaddr.isValidCIDR(entry)) blocks.push(ipaddr.parseCIDR(entry));
    else if (ipaddr.isValid(entry)) blocks.push([ipaddr.parse(entry), ipaddr.parse(entry).toByteArray().length * 8]);
    else if (entry === '*' || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(entry)) hosts.add(entry.toLowerCase());
    else throw new Error(`"${entry}" is no host name, address or block such as 10.0.0.0/8`);
  }
  return {
    allowsHost: (host) => hosts.has('*') || hosts.has(host.toLowerCase()),
    allowsAddress: (text) => {
      if (!ipaddr.isValid(text)) return false;
      // An IPv4 address inside an IPv6 one counts as what it is.
      const address = ipaddr.process(text);
      return isPublic(address) || blocks.some((block) => isInside(address, block));
    },
  };
}

export function isAddressPolicy(entries: readonly string[]): boolean {
  try {
    readAddressPolicy(entries);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether an address is of the public internet: not loopback, private, link-local (where clouds keep their metadata),
 * carrier-grade NAT, multicast, reserved, or one that leads to such an IPv4 address (NAT64, 6to4, Teredo).
 */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address.range() === 'unicast';
}

function isInside(address: ipaddr.IPv4 | ipaddr.IPv6, [base, bits]: Block): boolean {
  return address.kind() === base.kind() && address.match([base, bits] as never);
}
