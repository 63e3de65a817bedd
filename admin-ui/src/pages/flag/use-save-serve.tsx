import { useMutation, useQueryClient } from '@tanstack/react-query';
import { asApiError, fieldErrors, isUnanswered } from '../../api/api-error.ts';
import { saveEnvironmentMutation } from '../../api/save-environment.ts';
import type { Environment, Flag, PatchEnvironmentBody } from '../../api/types.ts';
import { ChangeReceipt } from '../../receipts/change-receipt.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { describeDraft, type ServeDraft } from './serve-draft.ts';

/** Saves what an environment serves, and says how that went. Resolves false when the server refused. */
export function useSaveServe(project: string, flag: Flag, environment: Environment) {
  const client = useQueryClient();
  const { mutateAsync } = useMutation(saveEnvironmentMutation(client, project));
  return async (body: PatchEnvironmentBody, draft: ServeDraft): Promise<boolean> => {
    try {
      const { revision } = await mutateAsync({ flag: flag.key, environment: environment.key, body });
      toastDone({
        title: `${flag.key} in ${environment.name}: ${describeDraft(draft, flag)}`,
        text: <ChangeReceipt project={project} environment={environment.key} revision={revision} />,
      });
      return true;
    } catch (error) {
      const { '': whole, ...places } = fieldErrors(asApiError(error));
      toastFailed({
        title: isUnanswered(error)
          ? `It is not known whether ${flag.key} was changed in ${environment.name}`
          : `${flag.key} was not changed in ${environment.name}`,
        text:
          whole ??
          Object.entries(places)
            .map(([place, message]) => `${place} ${message}`)
            .join('; '),
      });
      return false;
    }
  };
}
