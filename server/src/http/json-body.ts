import { ApiError } from './api-error.ts';
import type { App } from './app-types.ts';

/** Bodies are refused past this size, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** The bound where nobody is known yet: signing in and setting up. */
export const MAX_CREDENTIALS_BYTES = 16 * 1024;

/** Nesting past this is refused before parsing: what walks a document must not exhaust the stack. */
export const MAX_JSON_DEPTH = 64;

/** Accepts JSON bodies only, and those safely: no `__proto__`, no `constructor.prototype`, bounded depth. */
export function acceptJsonBodies(app: App): void {
  app.removeAllContentTypeParsers();
  acceptJson(app, 'application/json');
}

/** Accepts bodies of one more type that are JSON as well. */
export function acceptJson(app: App, type: string): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>(type, { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) {
      // Clients name a content type also where they have nothing to send.
      if (request.routeOptions.schema?.body === undefined) return done(null, undefined);
      return done(new ApiError('malformed_json', 'The body is empty: send a JSON document.'));
    }
    if (depthOf(body) > MAX_JSON_DEPTH) {
      return done(new ApiError('malformed_json', `The JSON is nested more than ${MAX_JSON_DEPTH} levels deep.`));
    }
    parse(request, body, (error, value) => {
      if (error === null || error === undefined) return done(null, value);
      done(
        new ApiError('malformed_json', `The body is not valid JSON: ${error.message}. Check it with a JSON parser.`),
      );
    });
  });
}

/** How deep objects and arrays are nested in JSON text. Brackets inside strings do not count. */
export function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) {
      inString = true;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
    }
  }
  return deepest;
}
