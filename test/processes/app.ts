import { join } from 'node:path';
import { type Child, startChild } from '../../tools/child.ts';
import { track } from './started.ts';
import { makeTempFolder } from './temp-folder.ts';

/** An application with the SDK in a process of its own; see `app-main.ts`. */
export interface TestApp {
  readonly child: Child;
  stop(): Promise<number | string>;
}

/** Starts it. It reports on lines of output, each `NAME JSON`. */
export function startApp(buntingUrl: string, sdkKey: string, flag: string): TestApp {
  const folder = makeTempFolder();
  const environment = { BUNTING_URL: buntingUrl, BUNTING_SDK_KEY: sdkKey, FLAG: flag };
  const child = track(startChild('app', ['test/processes/app-main.ts'], environment, join(folder.path, 'app.log')));
  return {
    child,
    stop: async () => {
      await child.stop();
      folder.remove();
      return child.ended;
    },
  };
}
