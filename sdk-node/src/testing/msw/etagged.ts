import { createHash } from 'node:crypto';
import { HttpResponse } from 'msw';

/**
 * An answer with an ETag, or 304 to whoever has it already.
 * @param named what the ETag is of
 */
export function etagged(request: Request, body: object, named: object): HttpResponse<object | null> {
  const etag = `"${createHash('sha256').update(JSON.stringify(named)).digest('base64url').slice(0, 22)}"`;
  const headers = { etag };
  if (request.headers.get('if-none-match')?.includes(etag)) return new HttpResponse(null, { status: 304, headers });
  return HttpResponse.json(body, { headers });
}
