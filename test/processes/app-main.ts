import { connect } from '@bunting/node';
import { countBySubject } from './subjects.ts';

/**
 * An application that does nothing but ask one boolean flag for many subjects, at first and after each change, and
 * print what it heard: `answers {revision, on}`.
 */
const { BUNTING_URL = '', BUNTING_SDK_KEY = '', FLAG = '' } = process.env;
const flags = connect({ url: BUNTING_URL, sdkKey: BUNTING_SDK_KEY, app: 'test-app' });
const report = () =>
  console.log(`answers ${JSON.stringify({ revision: flags.revision?.number, on: countBySubject(flags, FLAG) })}`);

const { state } = await flags.ready();
console.log(`ready ${JSON.stringify(state)}`);
report();
flags.on('change', report);

// The SDK does not keep a process alive; an application has something of its own that does.
const alive = setInterval(() => {}, 60_000);
process.once('SIGTERM', async () => {
  clearInterval(alive);
  await flags.close();
});
