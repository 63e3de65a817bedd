import { ownerScene } from './owner-scene.ts';

/** As much of a flag in an environment as is looked at here. */
interface Served {
  readonly enabled: boolean;
  readonly version: number;
  readonly rules: readonly {
    readonly id: string;
    readonly name?: string;
    readonly when: unknown;
    readonly serve: unknown;
  }[];
  readonly defaultRule: unknown;
}

/** The owner in a browser, with flags to target. To be called where tests are described. */
export function targetingScene() {
  const scene = ownerScene();
  let made = 0;

  /** A new flag with these edits in development, and its page there. */
  async function openFlag(...edits: object[]): Promise<string> {
    made += 1;
    const key = `flag-${made}`;
    await scene.server.api.call('POST', '/projects/default/flags', { key, type: 'boolean' });
    if (edits.length > 0) await edit(key, ...edits);
    await scene.open(`/projects/default/flags/${key}/environments/development`);
    return key;
  }
  const place = (key: string) => `/projects/default/flags/${key}/environments/development`;
  const edit = (key: string, ...edits: object[]) => scene.server.api.call('POST', `${place(key)}/edits`, { edits });
  const served = (key: string) => scene.server.api.call<Served>('GET', place(key));
  const rule = (id: string, name?: string) => ({
    kind: 'addRule',
    rule: {
      id,
      ...(name && { name }),
      when: { attribute: 'plan', operator: 'in', values: [id] },
      serve: { variant: 'on' },
    },
  });
  /** How much wider the page is than its window. */
  const overflow = () =>
    scene.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const saved = (key: string) =>
    scene.page.getByText(new RegExp(`${key} in Development: \\d changes? saved`)).waitFor();
  const changes = () => scene.page.getByRole('region', { name: 'Changes' });
  const review = () => scene.page.getByRole('dialog', { name: /Review/ });
  return { scene, openFlag, place, edit, served, rule, overflow, saved, changes, review };
}
