import { Trans } from '@lingui/react/macro';
import { buttonShape } from '../../ui/button.tsx';

interface ProviderLinksProps {
  providers: readonly { readonly key: string; readonly name: string; readonly path: string }[];
  /** Where to go afterwards. */
  next: string;
  /** True: in a tab of its own, so that the page stays. */
  isNewTab?: boolean;
}

/** The ways in by single sign-on. Links: the server answers with the provider's own page. */
export function ProviderLinks({ providers, next, isNewTab = false }: ProviderLinksProps) {
  if (providers.length === 0) return null;
  return (
    <ul className="mb-5 flex flex-col gap-2 border-line border-b pb-5">
      {providers.map(({ key, name, path }) => (
        <li key={key}>
          <a
            href={`${path}?${new URLSearchParams({ next })}`}
            {...(isNewTab && { target: '_blank', rel: 'noopener' })}
            className={`${buttonShape} w-full border border-edge bg-raised text-ink shadow-control hover:bg-hover`}
          >
            <Trans>Sign in with {name}</Trans>
          </a>
        </li>
      ))}
    </ul>
  );
}
