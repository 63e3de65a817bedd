import { ConfigError, readVisitorsConfig } from './config.ts';
import { gatherCrowd } from './simulation/crowd.ts';
import { visitShop } from './simulation/journey.ts';
import { keepVisiting } from './simulation/pace.ts';

/** The simulated visitors' process: real HTTP requests to the shop, by people who are the same in every run. */
try {
  await run();
} catch (error) {
  console.error(
    `visitors: ${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : error}`,
  );
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { SHOP_URL: shopUrl, VISITS_PER_SECOND: visitsPerSecond, VISITORS: size } = readVisitorsConfig(process.env);
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort());
  const { signal } = stop;

  const crowd = gatherCrowd(size);
  let turn = 0;
  const visit = () => {
    const visitor = crowd[turn++ % crowd.length];
    return visitor ? visitShop(visitor, { shopUrl, signal, pauseMs: 400, random: Math.random }) : Promise.resolve();
  };
  const log = (line: string) => console.log(`visitors: ${line}`);
  log(`${size} people visit ${shopUrl}, about ${visitsPerSecond} times a second in all`);
  await keepVisiting({ visit, visitsPerSecond, signal, log });
}
