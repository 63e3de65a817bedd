import 'react';

declare module 'react' {
  /** Custom properties may be set wherever a style may: utilities such as `grid-cols-(--columns)` read them. */
  interface CSSProperties {
    [property: `--${string}`]: string | number | undefined;
  }
}
