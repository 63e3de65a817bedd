import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { BrowserContext } from 'playwright-core';

const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const accented = 'áƀćďéƒǵĥíĵķĺḿńóṕɋŕśťúṽŵẋýźÁɃĆĎÉƑǴĤÍĴĶĹḾŃÓṔɊŔŚŤÚṼŴẊÝŹ';

/** A message as the build has it: `id:"x1y2z3",message:"Save"`, its texts in backticks. */
const built = /(id:`[\w+/-]{6}`,message:)`((?:[^`\\]|\\.)*)`/g;

/** From now on the pages of a context speak a language of accents: `Śáṽé`. What stays in plain letters was never translated. */
export async function speakAccents(context: BrowserContext): Promise<void> {
  await context.route('**/assets/*.js', async (route) => {
    const response = await route.fetch();
    const code = (await response.text()).replace(built, (_, before: string, message: string) => {
      const said = compileMessage(JSON.parse(`"${message.replaceAll('"', '\\"').replaceAll('\\`', '`')}"`), accent);
      return `${before}${JSON.stringify(said)}`;
    });
    await route.fulfill({ response, body: code });
  });
}

function accent(text: string): string {
  return text.replace(/[A-Za-z]/g, (letter) => accented[plain.indexOf(letter)] ?? letter);
}
