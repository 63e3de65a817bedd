/** As browsers check `<input type=email>` (HTML standard), without quoted local parts and other rarities. */
const ADDRESS =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

const MAX_LENGTH = 254;
const MAX_RECIPIENTS = 20;

/** Why a `mailto:` address cannot be used; says the fix. */
export class MailtoRefused extends Error {
  override readonly name = 'MailtoRefused';
}

/**
 * The recipients that a `mailto:` address names: only them, and nothing of what such an address may hold besides.
 * @param url such as `mailto:on-call@example.com,team@example.com`
 * @throws {MailtoRefused}
 */
export function readMailto(url: string): readonly string[] {
  const [, list] = /^mailto:([^?#]*)$/i.exec(url) ?? [];
  if (list === undefined) {
    throw new MailtoRefused('it must be mailto: and addresses, such as mailto:on-call@example.com,team@example.com');
  }
  const recipients = [...new Set(list.split(','))];
  const wrong = recipients.find((address) => !isAddress(address));
  if (wrong !== undefined) throw new MailtoRefused(`"${wrong}" is no e-mail address; give such as on-call@example.com`);
  if (recipients.length > MAX_RECIPIENTS) {
    throw new MailtoRefused(`it names more than ${MAX_RECIPIENTS} addresses; send to a mailing list instead`);
  }
  return recipients;
}

/** Whether a text is an address, or a name with an address in angle brackets. */
export function isMailbox(text: string): boolean {
  const [, , address] = /^([^<>"\p{Cc}]*)<([^<>]+)>$/u.exec(text) ?? [];
  return isAddress(address ?? text);
}

function isAddress(text: string): boolean {
  return text.length <= MAX_LENGTH && ADDRESS.test(text);
}
