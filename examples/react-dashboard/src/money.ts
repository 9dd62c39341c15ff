const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

/** money writes dollars. Unknown is not zero. */
export const money = (value: number | null | undefined): string => (value === null || value === undefined ? 'unknown' : dollars.format(value))
