// The mark of the console: a receiver that speaks. The icon of the tab is the same (`public/icon.svg`).

/** The mark, which says nothing that its neighbour does not say. */
export const Mark = ({ size }: { size: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="var(--accent)" />
    <path d="M8 9c0 8.5 6.5 15 15 15v-4l-4.6-1.7-2 2c-2-1-3.7-2.7-4.7-4.7l2-2L12 9z" fill="var(--on-accent)" />
    <path
      d="M18 8.5a5.5 5.5 0 0 1 5.5 5.5M18 12.25a1.75 1.75 0 0 1 1.75 1.75"
      fill="none"
      stroke="var(--on-accent)"
      stroke-width="2"
      stroke-linecap="round"
    />
  </svg>
);
