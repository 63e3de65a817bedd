import { plural, t } from '@lingui/core/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createStandardSafeguards, type GuardedPlace, safeguardsKey } from '../api/safeguards.ts';
import { toastDone, toastFailed } from '../ui/toast.tsx';

/** Makes the usual safeguards, as dry runs: of a flag, or (undefined) of all that is measured. */
export function useStandardSet(place: GuardedPlace) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (flag: string | undefined) => createStandardSafeguards(place, flag),
    onSuccess: (made, flag) =>
      toastDone({
        title:
          flag === undefined
            ? plural(made.length, {
                one: `# safeguard watches all that is measured in ${place.environment}`,
                other: `# safeguards watch all that is measured in ${place.environment}`,
              })
            : plural(made.length, { one: `# safeguard watches ${flag}`, other: `# safeguards watch ${flag}` }),
        text: t`They are dry runs: nothing is done until someone arms them.`,
      }),
    onError: (error) => toastFailed({ title: t`No safeguard was made`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: safeguardsKey(place) }),
  });
}
