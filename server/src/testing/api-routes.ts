import type { FastifyInstance, InjectOptions } from 'fastify';
import type { Place } from '../access/permissions.ts';

export interface ApiRoute {
  /** Such as `GET /projects/{project}`. */
  readonly name: string;
  /** What the route declares: see `access/guard.ts`. */
  readonly access: string;
  /** True: it is enough to have the permission in some place. */
  readonly anywhere: boolean;
  /** What the path is of. */
  readonly place: Place;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters filled in: the first project and its production environment, and names of nothing. */
  readonly url: string;
}

const PARAMETERS = { project: 'default', environment: 'production' };

/** Every route of the API, and of SCIM. */
export async function apiRoutes(app: FastifyInstance): Promise<ApiRoute[]> {
  await app.ready();
  const { paths } = app.swagger() as unknown as { paths: Record<string, Record<string, Record<string, unknown>>> };
  return Object.entries(paths).flatMap(([path, methods]) => {
    if (!/^\/(api\/v1|scim\/v2)\//.test(path)) return [];
    return Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path.replace(/^\/api\/v1/, '')}`,
      access: String(operation['x-access'] ?? 'public'),
      anywhere: operation['x-anywhere'] === true,
      place: {
        ...(path.includes('{project}') ? { project: PARAMETERS.project } : {}),
        ...(path.includes('{environment}') ? { environment: PARAMETERS.environment } : {}),
      },
      method: method.toUpperCase() as ApiRoute['method'],
      url: path.replace(/\{(\w+)\}/g, (_, name: string) => (PARAMETERS as Record<string, string>)[name] ?? 'none'),
    }));
  });
}

export function toRequest({ method, url }: ApiRoute): InjectOptions {
  return { method, url };
}

/** What is in the body of an error: SCIM has a form of its own, without codes. */
export function errorOf({ url }: ApiRoute, status: number, code: string): object {
  return url.startsWith('/scim/') ? { status: String(status) } : { code };
}
