const paths = {
  overview: 'M4 4h7v7H4zM13 4h7v4h-7zM13 11h7v9h-7zM4 14h7v6H4z',
  inventory: 'M4 5h16v5H4zM4 14h16v5H4zM8 7.5h.01M8 16.5h.01',
  scans: 'M12 12l6-6M21 12a9 9 0 1 1-3-6.7M16 12a4 4 0 1 1-4-4',
  savings: 'M12 3v18M17 7c0-2-2-3-5-3s-5 1-5 3.5S9 11 12 11.5s5 1.500 5 4-2 4-5 4-5-1.500-5-3.500',
  plans: 'M9 6h11M9 12h11M9 18h11M4 6l1 1 2-2M4 12l1 1 2-2M4 18l1 1 2-2',
  diff: 'M12 4v8M8 8h8M8 18h8',
  costs: 'M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6',
  budgets: 'M4 7h16v11H4zM4 11h16M15 14.500h2',
  connect: 'M9 12h6M10 8H7a4 4 0 0 0 0 8h3M14 8h3a4 4 0 0 1 0 8h-3',
  schedules: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4l3 2',
  access: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M5 20c0-4 3-6 7-6s7 2 7 6',
  audit: 'M7 4h10v16H7zM10 8h4M10 12h4M10 16h2',
  webhooks: 'M4 12h10M10 8l4 4-4 4M18 5v14',
  operations: 'M4 6h16M4 12h16M4 18h16M8 4v4M16 10v4M10 16v4',
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
