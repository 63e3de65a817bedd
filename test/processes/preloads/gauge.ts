import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readCollectedGauge, readGauge } from '../gauge.ts';

/**
 * Lets another process read this one's gauge: says where on a line of output, `gauge: http://...`. At `/collected` it is
 * read after a garbage collection.
 */
const server = createServer(async (request, response) => {
  response.end(JSON.stringify(request.url === '/collected' ? await readCollectedGauge() : readGauge()));
});
server.listen(0, '127.0.0.1', () => {
  console.log(`gauge: http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
server.unref();
