import type { IncomingMessage, Server } from 'node:http';

/** Where below its host the server is reached, such as `/flags`: the path of its public URL. Empty: at the root. */
export function basePathOf(publicUrl: string | undefined): string {
  return publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
}

/**
 * The address of a request as the server's own routes know it. A proxy may take the base path away or leave it: both come
 * to the same route.
 */
export function withoutBasePath(url: string, basePath: string): string {
  if (basePath === '' || !url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}

/** Does the same for WebSocket handshakes, which reach no route. To be called before anyone listens for them. */
export function takeBasePathOffUpgrades(server: Server, basePath: string): void {
  server.prependListener('upgrade', (request: IncomingMessage) => {
    request.url = withoutBasePath(request.url ?? '/', basePath);
  });
}
