import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build, type Rolldown } from 'vite';

/** A web site of one page. */
export interface TestSite {
  readonly url: string;
  close(): void;
}

/** Serves a page made of one script, which finds `settings` as JSON in its element of that id. */
export async function serveScript(file: string, settings: object): Promise<TestSite> {
  const html = documentOf(await bundle(file), settings);
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function bundle(file: string): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'silent',
    oxc: { jsx: { runtime: 'automatic', development: false } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, rolldownOptions: { input: file } },
  })) as Rolldown.RolldownOutput;
  return built.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
}

function documentOf(script: string, settings: object): string {
  const text = JSON.stringify(settings).replaceAll('<', '\\u003c');
  return `<!doctype html><title>flags</title><link rel="icon" href="data:,"><div id="root"></div>
    <script id="settings" type="application/json">${text}</script>
    <script type="module">${script.replaceAll('</script', '<\\/script')}</script>`;
}
