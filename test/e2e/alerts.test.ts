import { afterAll, expect, test } from 'vitest';
import { findProgramFor } from '../../tools/debian.ts';
import { type AlertScene, startAlertScene } from '../processes/alert-scene.ts';

const what = 'a flag that Prometheus and Alertmanager turn off';
const prometheus = await findProgramFor(what, 'prometheus');
const alertmanager = await findProgramFor(what, 'alertmanager');

let scene: AlertScene | undefined;
afterAll(() => scene?.remove());

test('an application begins to fail, and nobody acts: off at each of 100 instances', async ({ skip }) => {
  if (prometheus === undefined || alertmanager === undefined) return skip();
  scene = await startAlertScene({ programs: { prometheus, alertmanager }, processes: 4, instances: 25 });
  const { api } = scene.server;
  const { instances, failures } = await scene.breakUntilOff(0.5);
  expect(instances).toBe(100);
  expect(failures).toBeGreaterThan(0);

  const where = '/projects/default/environments/production';
  const { items: kills } = await api.call<{ items: object[] }>('GET', `${where}/kills`);
  expect(kills).toMatchObject([{ flag: 'new-checkout', engaged: true, by: { kind: 'signal', name: 'Alertmanager' } }]);
  // What led to it is in the audit log, and so are told webhooks and mail.
  const event = () => api.call('GET', '/audit?project=default&action=intervention.acted');
  await expect.poll(event).toMatchObject({
    items: [
      {
        actor: { kind: 'signal', name: 'Alertmanager' },
        environment: 'production',
        target: { kind: 'flag', key: 'new-checkout' },
        after: {
          action: 'kill',
          mode: 'armed',
          cause: { kind: 'signal', summary: expect.stringMatching(/% of requests fail/) },
        },
      },
    ],
  });

  // The alert's end re-arms nothing: that is for who has looked into it.
  await scene.mend();
  expect(await api.call('GET', `${where}/kills`)).toMatchObject({ items: [{ flag: 'new-checkout', engaged: true }] });
  await scene.rearm();
  expect(await api.call('GET', `${where}/kills`)).toMatchObject({ items: [] });
}, 180_000);
