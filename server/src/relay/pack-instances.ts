import type { InstanceNews } from './instance-reports.ts';
import type { InstancesMessage } from './protocol.ts';

type Lists = Omit<InstancesMessage, 'type'>;

/** Well below what an upstream accepts as one message. */
const MAX_BYTES = 128 * 1024;
/** How long a number may be as JSON, with its comma. */
const NUMBER_BYTES = 17;

/** The news as messages, in an order in which each can be understood: whoever joined is there before it says anything. */
export function packInstances({ joined, receipted, killed, aged, left }: InstanceNews): string[] {
  const packer = new Packer();
  for (const { number, introduction, connectedAtMs, pollMs, via, keyId } of joined) {
    packer.add('joins', { member: number, ...introduction, connectedAtMs, pollMs, via, key: keyId });
  }
  for (const { number, receipt } of receipted) {
    if (receipt !== undefined) packer.addMember('receipts', receipt, number);
  }
  for (const [{ number }, kills] of killed) {
    for (const { flag, epoch, engaged } of kills) packer.addMember('kills', { flag, epoch, engaged }, number);
  }
  for (const { number, dataAgeMs = 0 } of aged) packer.add('ages', { member: number, dataAgeMs });
  for (const { number, ending } of left) packer.addMember('leaves', { ending }, number);
  return packer.finish();
}

type WithMembers = 'receipts' | 'kills' | 'leaves';

/** Fills messages up to their bound. */
class Packer {
  readonly #texts: string[] = [];
  #lists = empty();
  #bytes = 0;
  /** Entries of the message that is being filled, by what their members have in common. */
  #shared = new Map<string, number[]>();

  add<L extends 'joins' | 'ages'>(list: L, entry: Lists[L][number]): void {
    this.#makeRoom(Buffer.byteLength(JSON.stringify(entry)) + 1);
    (this.#lists[list] as Lists[L][number][]).push(entry);
  }

  addMember<L extends WithMembers>(list: L, common: Omit<Lists[L][number], 'members'>, member: number): void {
    const text = JSON.stringify(common);
    this.#makeRoom(NUMBER_BYTES + (this.#shared.has(list + text) ? 0 : Buffer.byteLength(text) + NUMBER_BYTES));
    let members = this.#shared.get(list + text);
    if (members === undefined) {
      members = [];
      this.#shared.set(list + text, members);
      (this.#lists[list] as object[]).push({ ...common, members });
    }
    members.push(member);
  }

  finish(): string[] {
    if (this.#bytes > 0) this.#close();
    return this.#texts;
  }

  #makeRoom(bytes: number): void {
    if (this.#bytes > 0 && this.#bytes + bytes > MAX_BYTES) this.#close();
    this.#bytes += bytes;
  }

  #close(): void {
    const message: InstancesMessage = { type: 'instances', ...this.#lists };
    this.#texts.push(JSON.stringify(message));
    this.#lists = empty();
    this.#shared = new Map();
    this.#bytes = 0;
  }
}

function empty(): Lists {
  return { joins: [], receipts: [], kills: [], ages: [], leaves: [] };
}
