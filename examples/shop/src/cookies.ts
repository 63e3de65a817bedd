/** The cookies of a request. Malformed ones are left out: a browser sends what it likes. */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0) cookies.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
  }
  return cookies;
}

const oneYearS = 365 * 24 * 60 * 60;

/** A `Set-Cookie` header. An empty value takes the cookie away. Values here are plain words that need no quoting. */
export function formatCookie(name: string, value: string): string {
  return `${name}=${value}; Path=/; Max-Age=${value === '' ? 0 : oneYearS}; HttpOnly; SameSite=Lax`;
}
