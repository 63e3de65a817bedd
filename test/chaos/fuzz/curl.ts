import type { FuzzRequest } from './requests.ts';

/** A command that sends the request again. */
export function toCurl(serverUrl: string, { caller, method, target, headers, body, cutAt }: FuzzRequest): string {
  const all = Object.entries({ ...caller.headers, ...headers });
  const named = all.flatMap(([name, value]) => [value].flat().map((one) => `-H ${quote(`${name}: ${one}`)}`));
  const start = body === undefined ? '' : `printf %s ${body.toString('base64')} | base64 -d | `;
  const content = body === undefined ? '' : ' --data-binary @-';
  const cut = cutAt === undefined ? '' : ` # ended after ${cutAt} bytes of the body`;
  return `${start}curl -gi --path-as-is -X ${method} ${named.join(' ')}${content} ${quote(`${serverUrl}${target}`)}${cut}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
