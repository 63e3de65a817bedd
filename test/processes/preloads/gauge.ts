import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectGarbage, readGauge } from '../gauge.ts';

/**
 * Lets another process read this one's gauge: says where on a line of output, `gauge: http://...`. At `/collected` it is
 * read after a garbage collection.
 */
const server = createServer((request, response) => {
  if (request.url === '/collected') collectGarbage();
  response.end(JSON.stringify(readGauge()));
});
server.listen(0, '127.0.0.1', () => {
  console.log(`gauge: http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
server.unref();
