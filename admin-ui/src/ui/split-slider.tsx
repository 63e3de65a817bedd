import { Slider } from '@base-ui/react/slider';

interface SplitPart {
  readonly name: string;
  /** Share of the whole, in units of `total`. */
  readonly share: number;
  /** A CSS colour. */
  readonly color: string;
}

interface SplitSliderProps {
  parts: readonly SplitPart[];
  total: number;
  /** One press of an arrow key. */
  step: number;
  /** Where each part but the last ends, ascending. */
  onChange: (boundaries: readonly number[]) => void;
  /** The accessible name of the thumb behind a part. */
  thumbLabel: (index: number) => string;
  /** What a thumb's position means, aloud. */
  valueText: (value: number, index: number) => string;
}

/** A bar cut into parts. Its thumbs are the cuts, so whatever is dragged, the parts stay a whole. */
export function SplitSlider({ parts, total, step, onChange, thumbLabel, valueText }: SplitSliderProps) {
  const ends = endsOf(parts);
  const cuts = ends.slice(0, -1);
  return (
    <Slider.Root
      value={cuts}
      onValueChange={onChange}
      min={0}
      max={total}
      step={step}
      largeStep={step * 10}
      thumbCollisionBehavior="none"
    >
      <Slider.Control className="flex h-8 touch-none select-none items-center px-2 pointer-coarse:h-11">
        <Slider.Track className="relative h-2.5 w-full rounded-full bg-line">
          {parts.map((part, at) => (
            <span
              key={part.name}
              aria-hidden
              className="absolute inset-y-0 first:rounded-s-full last-of-type:rounded-e-full"
              style={{
                insetInlineStart: `${(((ends[at] ?? 0) - part.share) / total) * 100}%`,
                width: `${(part.share / total) * 100}%`,
                background: part.color,
              }}
            />
          ))}
          {cuts.map((_, at) => (
            <Slider.Thumb
              key={at}
              index={at}
              getAriaLabel={thumbLabel}
              getAriaValueText={(_text, value, index) => valueText(value, index)}
              className="size-4.5 rounded-full border border-edge-strong bg-[oklch(1_0_0)] shadow-control outline-link has-focus-visible:outline-2 has-focus-visible:outline-offset-1 pointer-coarse:size-6"
            />
          ))}
        </Slider.Track>
      </Slider.Control>
    </Slider.Root>
  );
}

function endsOf(parts: readonly SplitPart[]): number[] {
  let end = 0;
  return parts.map(({ share }) => {
    end += share;
    return end;
  });
}
