import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressPolicy } from './address-policy.ts';
import { resolve } from './resolve.ts';

export interface Outgoing {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** More of the answer is not read, in bytes. */
  readonly maxAnswerBytes: number;
  readonly signal?: AbortSignal;
  /** Who may answer, and who asks, where TLS knows them. */
  readonly tls?: Pick<https.RequestOptions, 'ca' | 'cert' | 'key' | 'servername'>;
}

export interface Incoming {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** What came after the body; whole once that was. */
  readonly trailers: NodeJS.Dict<string>;
}

/** Why a request was not sent: it leads where this server may not send anything. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused';
}

/**
 * Sends a request to an address that people gave. What its host resolves to is checked, and what was checked is what is
 * connected to, so a name cannot lead elsewhere in between. Redirects are answers like any other: they are not followed.
 * @throws {EgressRefused} @throws {Error} when nothing answered in time
 */
export async function send(policy: AddressPolicy, outgoing: Outgoing): Promise<Incoming> {
  const url = checkUrl(policy, outgoing.url);
  const { method, headers, body = '', timeoutMs, signal, tls } = outgoing;
  const deadline = AbortSignal.timeout(timeoutMs);
  const options = {
    ...tls,
    method,
    headers: { 'content-length': String(Buffer.byteLength(body)), ...headers },
    lookup: checkedLookup(policy),
    // A connection that was kept would have been checked for another request.
    agent: false,
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
  } as const;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(deadline.aborted ? new Error(`no answer within ${timeoutMs} ms`, { cause: error }) : error);
    const request = (url.protocol === 'https:' ? https : http).request(url, options, (response) => {
      read(response, outgoing.maxAnswerBytes).then((text) => {
        const { statusCode: status = 0, headers, trailers } = response;
        resolve({ status, headers, body: text, trailers });
      }, fail);
    });
    request.on('error', fail);
    request.end(body);
  });
}

/**
 * Whether an address may be sent to, as far as it shows without resolving it.
 * @throws {EgressRefused} that says the fix
 */
export function checkUrl(policy: AddressPolicy, text: string): URL {
  if (!URL.canParse(text)) throw new EgressRefused('it is no URL; give one such as https://example.com/hooks');
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isAllowed = policy.allowsHost(host) || (isIP(host) !== 0 && policy.allowsAddress(host));
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isAllowed)) {
    throw new EgressRefused(`it is no https URL; to allow ${host} without TLS, name it in BUNTING_EGRESS_ALLOW`);
  }
  if (url.username !== '' || url.password !== '') throw new EgressRefused('it has a password in it; leave that out');
  if (isIP(host) !== 0 && !isAllowed) throw refused(host);
  return url;
}

function refused(place: string): EgressRefused {
  return new EgressRefused(
    `${place} is not on the public internet; to allow it, name the host, the address or its block in BUNTING_EGRESS_ALLOW`,
  );
}

/** As `dns.lookup`, but all that a name stands for must be allowed. */
export function checkedLookup(policy: AddressPolicy): LookupFunction {
  return (host, { all, family }, callback) => {
    resolve(host).then(
      (addresses) => {
        const wrong = addresses.find(({ address }) => !policy.allowsHost(host) && !policy.allowsAddress(address));
        if (wrong !== undefined) return callback(refused(`${host} (${wrong.address})`), []);
        // 4, IPv4, 6, IPv6; else both will do.
        const only = Number(String(family ?? 0).at(-1));
        const wanted = only === 0 ? addresses : addresses.filter((address) => address.family === only);
        const [first] = wanted;
        if (first === undefined) return callback(new Error(`${host} has no address of IPv${only}`), []);
        if (all === true) return callback(null, wanted);
        callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}

async function read(response: http.IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, maxBytes - bytes));
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes >= maxBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
