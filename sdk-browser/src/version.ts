/** Name and version of this package, as it introduces itself to the server. A test holds it to package.json. */
export const SDK = { name: '@bunting/browser', version: '0.1.0' } as const;
