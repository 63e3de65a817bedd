/**
 * An IP address as four 32-bit words (signed). IPv4 is kept as the IPv4-mapped IPv6 address `::ffff:a.b.c.d`, so that
 * both ways of writing it are the same address.
 */
export type IpAddress = readonly [number, number, number, number];

/** The three upper words of an IPv4 address, and how many bits they are. */
const V4_PREFIX = [0, 0, 0xffff] as const;
export const V4_PREFIX_BITS = 96;

export function isV4(address: IpAddress): boolean {
  return address[0] === 0 && address[1] === 0 && address[2] === 0xffff;
}

/** The longest text that is an address: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const MAX_LENGTH = 45;

/** The text as an address; undefined when it is none. Zones (`%eth0`) and leading zeros in IPv4 are refused. */
export function parseIp(text: string): IpAddress | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  if (text.includes(':')) return parseV6(text);
  const word = parseV4(text);
  return word === undefined ? undefined : [...V4_PREFIX, word];
}

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function parseV4(text: string): number | undefined {
  const parts = V4.exec(text);
  if (parts === null) return undefined;
  let word = 0;
  for (const part of parts.slice(1)) {
    const byte = Number(part);
    if (byte > 255 || (part.length > 1 && part.startsWith('0'))) return undefined;
    word = (word << 8) | byte;
  }
  return word;
}

function parseV6(text: string): IpAddress | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  // `::` stands for at least one group of zeros.
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const word = (i: number) => ((groups[i] ?? 0) << 16) | (groups[i + 1] ?? 0);
  return [word(0), word(2), word(4), word(6)];
}

/** The 16-bit groups of `a:b:c`, of which the last may be written as IPv4. */
function parseGroups(text: string, mayEndInV4: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const word = mayEndInV4 && i === parts.length - 1 ? parseV4(part) : undefined;
    if (word === undefined) return undefined;
    groups.push(word >>> 16, word & 0xffff);
  }
  return groups;
}
