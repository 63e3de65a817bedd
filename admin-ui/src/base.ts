/**
 * Where the server is, without a slash at the end: `https://flags.example.com`, or with the path that it is reached below.
 * The page says so in its `<base>`. Without a page (tests in Node) any absolute address does.
 */
export const baseUrl = new URL('.', globalThis.document?.baseURI ?? 'http://localhost/').href.replace(/\/$/, '');

/** The same without the host: empty at the root. */
export const basePath = new URL(baseUrl).pathname.replace(/\/$/, '');
