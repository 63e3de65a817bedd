import { Trans } from '@lingui/react/macro';
import { MoveDown, MoveUp } from 'lucide-react';
import { MenuItem } from './menu.tsx';

interface MoveItemsProps {
  /** Its place in the list, from 0. */
  at: number;
  count: number;
  onMove: (to: number) => void;
}

/** In the menu of a list's item: up and down, as far as there is room. */
export function MoveItems({ at, count, onMove }: MoveItemsProps) {
  return (
    <>
      {at > 0 && (
        <MenuItem onSelect={() => onMove(at - 1)}>
          <Trans>
            <MoveUp aria-hidden />
            Move up
          </Trans>
        </MenuItem>
      )}
      {at < count - 1 && (
        <MenuItem onSelect={() => onMove(at + 1)}>
          <Trans>
            <MoveDown aria-hidden />
            Move down
          </Trans>
        </MenuItem>
      )}
    </>
  );
}
