import { EventEmitter, once } from 'node:events';
import { LightClient } from '../../processes/light-client.ts';

/** One more client of the server, which keeps the bytes of the last change. */
export class FrameTap {
  readonly #client: LightClient;
  readonly #changes = new EventEmitter();
  #change = Buffer.alloc(0);

  private constructor(url: string, key: string) {
    const { hostname: host, port } = new URL(url);
    let latest = this.#change;
    this.#client = new LightClient({
      host,
      port: Number(port),
      localAddress: '127.0.0.1',
      key,
      id: 'tap',
      receipts: false,
      onFrame: (frame) => {
        latest = Buffer.from(frame);
      },
      // Comes right after the frame that made the change; heartbeats make none.
      onChange: () => {
        this.#change = latest;
        this.#changes.emit('change');
      },
    });
  }

  static async open(url: string, key: string): Promise<FrameTap> {
    const tap = new FrameTap(url, key);
    const live = once(tap.#changes, 'change');
    tap.#client.open();
    await live;
    return tap;
  }

  /** The frame that led to the revision, as it stood on the wire. */
  async changeTo(number: number): Promise<Buffer> {
    while ((this.#client.revision?.number ?? 0) < number) await once(this.#changes, 'change');
    return this.#change;
  }

  close(): void {
    this.#client.close();
  }
}
