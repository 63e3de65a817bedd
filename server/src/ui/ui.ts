import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../http/app-types.ts';

/** Where the built admin UI may be, beside this package: in the published package, and in the workspace. */
const DEFAULT_FOLDERS = ['../../ui', '../../../admin-ui/dist'].map((path) => join(import.meta.dirname, path));

/** The folder of the built admin UI, and what to answer paths that are neither files nor the API's. */
export interface Ui {
  /** True when the request was answered with the UI's page. */
  answerPage(request: FastifyRequest, reply: FastifyReply): boolean;
}

/**
 * Serves the admin UI's files. Asked at each request whether they are there: they may be built after the start.
 * @param basePath where the server is reached below its host, as `basePathOf` says
 */
export async function serveUi(app: App, uiDir: string | undefined, basePath: string): Promise<Ui> {
  const folder = uiDir === undefined ? defaultFolder() : resolve(uiDir);
  await app.register(async (files: App) => {
    // What it cannot make a file's name of, such as `//a` and `/%2e%2e/a`, it calls forbidden: nothing is there.
    files.setErrorHandler((thrown: FastifyError, _request, reply) => {
      if (thrown.statusCode !== 403) throw thrown;
      reply.callNotFound();
    });
    await files.register(fastifyStatic, {
      root: folder,
      index: false,
      // Its own headers are set below; a folder that is not there yet is no reason for a warning.
      cacheControl: false,
      suppressWarning: true,
      setHeaders: (response, path) => {
        // Vite puts a content hash into the names of what it writes to assets/.
        const isHashed = path.startsWith(join(folder, 'assets'));
        response.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  });
  const sendPage = (reply: FastifyReply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(readPage(folder, basePath) ?? missingPage(folder, basePath));
  // A folder is nothing that the files' route would send.
  app.get('/', { schema: { hide: true } }, (_request, reply) => sendPage(reply));
  return {
    answerPage(request, reply) {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      if (!isRead || !(request.headers.accept ?? '').includes('text/html')) return false;
      sendPage(reply);
      return true;
    },
  };
}

function defaultFolder(): string {
  const [published, workspace] = DEFAULT_FOLDERS;
  return DEFAULT_FOLDERS.find((folder) => existsSync(join(folder, 'index.html'))) ?? workspace ?? published ?? '.';
}

/** The UI's page, which names its files relative to where the server is reached. Undefined while it is not built. */
function readPage(folder: string, basePath: string): string | undefined {
  const file = join(folder, 'index.html');
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8').replace('<head>', `<head>\n    <base href="${escapeHtml(basePath)}/" />`);
}

function missingPage(folder: string, basePath: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Bunting</title></head>
<body><h1>Bunting is running, its admin UI is not built</h1>
<p>Expected in <code>${escapeHtml(folder)}</code>. In the workspace run <code>npm run build</code>, then reload this page;
or point <code>BUNTING_UI_DIR</code> at a build.</p>
<p>The API is documented at <a href="${escapeHtml(basePath)}/docs">/docs</a>.</p></body></html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
