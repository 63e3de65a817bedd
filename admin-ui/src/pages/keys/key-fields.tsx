import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { SdkKey } from '../../api/types.ts';
import { Field, TextInput } from '../../ui/field.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { MomentInput } from '../../ui/moment-input.tsx';
import { TokenInput } from '../../ui/token-input.tsx';
import { type KeyDraft, readOrigin } from './key-draft.ts';

interface KeyFieldsProps {
  kind: SdkKey['kind'];
  draft: KeyDraft;
  errors: FormErrors;
  onChange: (part: Partial<KeyDraft>) => void;
}

/** What can be said of a key, when it is made and later. */
export function KeyFields({ kind, draft, errors, onChange }: KeyFieldsProps) {
  const originsError = Object.entries(errors).find(([place]) => place.startsWith('origins'))?.[1];
  return (
    <>
      <Field
        label={t`Name`}
        hint={t`Who will use it. One key for each user lets you revoke one alone.`}
        error={errors.name}
      >
        <TextInput
          name="name"
          autoFocus
          autoComplete="off"
          maxLength={200}
          placeholder="checkout-service"
          value={draft.name}
          onChange={(name) => onChange({ name })}
        />
      </Field>
      {kind === 'client' && (
        <div className="flex flex-col gap-1.5">
          <span className="font-medium text-xs">
            <Trans>
              Origins<span className="ms-1.5 font-normal text-ink-3">optional</span>
            </Trans>
          </span>
          <TokenInput
            label={t`Origins`}
            placeholder="https://shop.example.com"
            tokens={draft.origins}
            parse={readOrigin}
            show={(origin) => origin}
            onChange={(origins) => onChange({ origins })}
          />
          <Under
            error={originsError}
          >{t`Whose pages may connect with it from now on; none: anyone's. Enter adds one.`}</Under>
        </div>
      )}
      <div className="flex flex-col items-start gap-1.5">
        <span className="font-medium text-xs">
          <Trans>
            Valid until, in UTC<span className="ms-1.5 font-normal text-ink-3">optional</span>
          </Trans>
        </span>
        <MomentInput
          label={t`Valid until, in UTC`}
          value={draft.expiresAt}
          onChange={(expiresAt) => onChange({ expiresAt })}
        />
        <Under
          error={errors.expiresAt}
        >{t`Then whoever uses it is disconnected, for good. Empty: until it is revoked.`}</Under>
      </div>
    </>
  );
}

function Under({ error, children }: { error: string | undefined; children: string }) {
  if (error === undefined) return <p className="text-ink-3 text-xs">{children}</p>;
  return (
    <p role="alert" className="text-danger-ink text-xs">
      {error}
    </p>
  );
}
