const paths = {
  overview: 'M4 4h7v7H4zM13 4h7v4h-7zM13 11h7v9h-7zM4 14h7v6H4z',
  inventory: 'M4 5h16v5H4zM4 14h16v5H4zM8 7.5h.01M8 16.5h.01',
  scans: 'M12 12l6-6M21 12a9 9 0 1 1-3-6.7M16 12a4 4 0 1 1-4-4',
  savings: 'M12 3v18M17 7c0-2-2-3-5-3s-5 1-5 3.5S9 11 12 11.5s5 1.500 5 4-2 4-5 4-5-1.500-5-3.500',
  plans: 'M9 6h11M9 12h11M9 18h11M4 6l1 1 2-2M4 12l1 1 2-2M4 18l1 1 2-2',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M5 19l1.500-1.500M17.500 6.500L19 5',
  moon: 'M20 14A8 8 0 1 1 10 4a7 7 0 0 0 10 10',
  out: 'M14 8V5H5v14h9v-3M9 12h12M18 9l3 3-3 3',
  alert: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  document: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
}

export type IconName = keyof typeof paths

/** Icon decorates words that say the same. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={1.8} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
