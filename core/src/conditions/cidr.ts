import { FALSE, TRUE, UNKNOWN } from '../truth.ts';
import { FINE, nameOf, problem } from '../validate/check.ts';
import { type IpAddress, isV4, parseIp, V4_PREFIX_BITS } from './ip-address.ts';
import { MAX_VALUES, type OperatorDefinition } from './matcher.ts';

/** A block of addresses: those of its family that agree with `address` in the bits of `mask`. */
interface Block {
  readonly isV4: boolean;
  readonly address: IpAddress;
  readonly mask: IpAddress;
}

export const IN_CIDR: OperatorDefinition = {
  minValues: 1,
  maxValues: MAX_VALUES,
  checkValue: (value) =>
    typeof value === 'string' && parseBlock(value) !== undefined
      ? FINE
      : problem(`must be a block of addresses such as 10.0.0.0/8 or 2001:db8::/32; is ${nameOf(value)}`),
  compile({ values }) {
    const blocks = values.flatMap((value) => parseBlock(String(value)) ?? []);
    return (value) => {
      const address = typeof value === 'string' ? parseIp(value) : undefined;
      if (address === undefined) return UNKNOWN;
      for (const block of blocks) if (contains(block, address)) return TRUE;
      return FALSE;
    };
  },
};

/** `10.0.0.0/8`; an address alone is a block of one. Bits beyond the prefix do not matter. */
function parseBlock(text: string): Block | undefined {
  const slash = text.indexOf('/');
  const base = slash === -1 ? text : text.slice(0, slash);
  const address = parseIp(base);
  if (address === undefined) return undefined;
  const isDotted = !base.includes(':');
  const maxBits = isDotted ? 32 : 128;
  const length = slash === -1 ? String(maxBits) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > maxBits) return undefined;
  const bits = Number(length) + (isDotted ? V4_PREFIX_BITS : 0);
  return { isV4: isV4(address) && bits >= V4_PREFIX_BITS, address, mask: maskOf(bits) };
}

function maskOf(bits: number): IpAddress {
  const word = (i: number) => {
    const own = Math.min(32, Math.max(0, bits - 32 * i));
    return own === 0 ? 0 : -1 << (32 - own);
  };
  return [word(0), word(1), word(2), word(3)];
}

function contains({ isV4: blockIsV4, address, mask }: Block, other: IpAddress): boolean {
  return (
    blockIsV4 === isV4(other) &&
    ((address[0] ^ other[0]) & mask[0]) === 0 &&
    ((address[1] ^ other[1]) & mask[1]) === 0 &&
    ((address[2] ^ other[2]) & mask[2]) === 0 &&
    ((address[3] ^ other[3]) & mask[3]) === 0
  );
}
