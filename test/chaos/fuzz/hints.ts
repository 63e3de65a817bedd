import fc, { type Arbitrary } from 'fast-check';
import type { Pool } from './pool.ts';
import type { Hints } from './shapes.ts';

/** What there is, for fields of bodies and queries that name it. */
export function hintsFrom(pool: Pool): Hints {
  const from = (...endings: string[]) => {
    const names = [...new Set(endings.flatMap((ending) => pool.all(ending)))];
    return fc.constantFrom(...(names.length > 0 ? names : ['none']));
  };
  const flags = from('flags');
  const environments = fc.constantFrom('production', 'development', 'production', 'none');
  const variants = fc.constantFrom('on', 'off', 'v0', 'v1', 'v2', 'none');
  const projects = fc.constantFrom('a', 'b');
  const nowhere = fc.constantFrom(
    'https://nowhere.invalid/',
    'http://127.0.0.1:9/',
    'http://169.254.169.254/',
    'file:///etc/passwd',
  );
  const file = fc.constantFrom('/nonexistent/file', '/nonexistent/../x', '');
  const byField: Readonly<Record<string, Arbitrary<unknown>>> = {
    flag: flags,
    flags,
    keys: flags,
    environment: environments,
    environments,
    from: environments,
    to: environments,
    project: projects,
    projects,
    confirm: fc.constant('expendable'),
    segment: from('segments'),
    variant: variants,
    offVariant: variants,
    safeVariant: variants,
    candidate: variants,
    baseline: variants,
    user: from('users'),
    group: from('groups'),
    id: from('users', 'groups', 'service-accounts'),
    role: fc.oneof(from('roles'), fc.constantFrom('viewer', 'editor')),
    source: from('signal-sources', 'data-sources'),
    safeguard: from('safeguards'),
    changeRequest: from('change-requests'),
    release: from('releases'),
    plan: from('migration-plans'),
    target: from('traffic-targets'),
    attribute: fc.constantFrom('country', 'org.plan', 'targetingKey', '__proto__'),
    url: nowhere,
    urls: nowhere,
    issuer: nowhere,
    webhook: nowhere,
    prometheus: nowhere,
    admin: nowhere,
    status: nowhere,
    include: file,
    config: file,
    file,
    runtime: fc.constantFrom('/nonexistent/socket', '127.0.0.1:9'),
    kubeconfig: fc.constant('none'),
  };
  return (field) => byField[field];
}
