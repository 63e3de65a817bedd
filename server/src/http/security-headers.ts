import helmet from '@fastify/helmet';
import type { App } from './app-types.ts';

/** Headers for a page built by Vite: everything comes from this server, and nobody may frame it. */
export async function securityHeaders(app: App, { isHttps }: { readonly isHttps: boolean }): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        // Components that measure themselves (menus, popovers) set styles by script, one property at a time, which needs no more.
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // Telling browsers to insist on https is right only where https is.
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}
