import {
  type Announcements,
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { t } from '@lingui/core/macro';
import { GripVertical } from 'lucide-react';
import type { ReactNode } from 'react';

/** One object, for the sensors and all that listens to them are made anew with another. */
const keyboard = { coordinateGetter: sortableKeyboardCoordinates };

interface SortableListProps {
  /** In their order; the same list as long as that is the same, or every item is drawn anew with each key that is pressed. */
  ids: string[];
  /** What is moved, in a word: `rule`. */
  what: string;
  onMove: (from: number, to: number) => void;
  children: ReactNode;
}

/** A list whose items are dragged by their handles, with the pointer or the keyboard, and say where they are meanwhile. */
export function SortableList({ ids, what, onMove, children }: SortableListProps) {
  const sensors = useSensors(useSensor(PointerSensor), useSensor(KeyboardSensor, keyboard));
  const indexOf = (id: unknown) => ids.indexOf(String(id));
  const placeOf = (id: unknown) => ({ what, place: indexOf(id) + 1, count: ids.length });
  const announcements: Announcements = {
    onDragStart: ({ active }) => sayPickedUp(placeOf(active.id)),
    onDragOver: ({ active, over }) => (over && over.id !== active.id ? sayOver(placeOf(over.id)) : undefined),
    onDragEnd: ({ over }) => (over ? sayDropped(placeOf(over.id)) : t`It stays where it was.`),
    onDragCancel: () => t`It stays where it was.`,
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={{
        announcements,
        screenReaderInstructions: {
          draggable: t`Space picks it up, the arrows move it, Space puts it down, Escape leaves it where it was.`,
        },
      }}
      onDragEnd={({ active, over }) => {
        if (over && active.id !== over.id) onMove(indexOf(active.id), indexOf(over.id));
      }}
    >
      <SortableContext items={ids} strategy={verticalListSortingStrategy}>
        {children}
      </SortableContext>
    </DndContext>
  );
}

interface Place {
  /** What is moved, in a word. */
  what: string;
  /** From 1. */
  place: number;
  count: number;
}

const sayPickedUp = ({ what, place, count }: Place) => t`Picked up ${what} ${place} of ${count}.`;
const sayOver = ({ what, place, count }: Place) => t`It is over ${what} ${place} of ${count}.`;
const sayDropped = ({ what, place, count }: Place) => t`It is ${what} ${place} of ${count} now.`;

/** What an item of a sortable list needs: where it is drawn, and its handle. @param label what the handle does: `Move rule 1` */
export function useSortableItem(id: string, label: string) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id,
  });
  const move = transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined;
  const handle = (
    <button
      ref={setActivatorNodeRef}
      type="button"
      {...attributes}
      {...listeners}
      aria-label={label}
      className="grid size-8 shrink-0 cursor-grab touch-none place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:size-10"
    >
      <GripVertical className="size-4" aria-hidden />
    </button>
  );
  return { ref: setNodeRef, style: { transform: move, transition }, isDragging, handle };
}
