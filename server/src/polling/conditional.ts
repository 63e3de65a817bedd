/** Conditional requests and content codings, as far as RFC 9110 asks a server for them. */

/** What an ETag ends with when its representation is packed: strong ETags name bytes, so it must differ. */
const PACKED = '+gzip';

export function etagOf(position: string, encoding: 'gzip' | 'identity'): string {
  return `"${position}${encoding === 'gzip' ? PACKED : ''}"`;
}

/**
 * Whether `If-None-Match` names this position. Weakly, as the RFC says: in any coding, and also where a proxy that packs
 * answers itself has weakened the ETag.
 */
export function isMatched(ifNoneMatch: string | undefined, position: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return [...ifNoneMatch.matchAll(/"([^"]*)"/g)].some(([, tag]) => tag === position || tag === position + PACKED);
}

/** Whether `Accept-Encoding` takes gzip. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  return (acceptEncoding ?? '').split(',').some((coding) => {
    const [name = '', ...parameters] = coding.split(';').map((part) => part.trim().toLowerCase());
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return (name === 'gzip' || name === '*') && !isRefused;
  });
}
