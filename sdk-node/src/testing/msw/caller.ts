import { HttpResponse } from 'msw';

/** The kinds of keys that evaluate: a client key sees what pages may see. */
export type KeyKind = 'server' | 'client';

/** Which kind of key a request comes with, where the server looks for it. Every key is taken for a valid one. */
export function keyKindOf({ headers }: Request): KeyKind | undefined {
  const secret = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? headers.get('x-api-key') ?? '';
  if (secret.startsWith('bnt_srv_')) return 'server';
  return secret.startsWith('bnt_cli_') ? 'client' : undefined;
}

/** What the server answers to who comes without a key, or with one of another kind than the wanted; else undefined. */
export function refusalOf(request: Request, wanted?: KeyKind): HttpResponse<object> | undefined {
  const kind = keyKindOf(request);
  if (kind === undefined) {
    return refuse(
      401,
      'unauthenticated',
      'Send an SDK key (bnt_srv_... or bnt_cli_...) as "Authorization: Bearer KEY".',
    );
  }
  if (wanted === undefined || kind === wanted) return undefined;
  return refuse(403, 'key_refused', `This takes no ${kind} key. Use a ${wanted} key.`);
}

/** An error in the API's form. */
export function refuse(status: number, code: string, message: string): HttpResponse<object> {
  return HttpResponse.json({ code, message, requestId: 'test' }, { status });
}
