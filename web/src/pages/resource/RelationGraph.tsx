import type { Schemas } from '@consolesensei/resource-tracker'
import { useElementSize } from '@mantine/hooks'
import { Text } from '@mantine/core'
import { useId } from 'react'
import { plural, words } from '../../ui/format'

type Relation = Schemas['Relation']

const box = 40
const step = 50
/** drawn is how many of a side are drawn. The table has all. */
const drawn = 12

interface GraphProps { name: string; relations: Relation[]; onOpen: (key: string) => void }

/** RelationGraph draws what names a resource on its left, and what it names on its right. A box leads to its resource; a dashed one was not seen. */
export function RelationGraph({ name, relations, onOpen }: GraphProps) {
  const { ref, width } = useElementSize()
  const sides = (['in', 'out'] as const).map((direction) => relations.filter((one) => one.direction === direction))
  const height = Math.max(...sides.map((side) => Math.min(side.length, drawn)), 1) * step
  const gap = Math.min(48, width * 0.08)
  const columns = 1 + sides.filter((side) => side.length > 0).length
  const w = Math.max(0, (width - gap * (columns - 1)) / columns)
  const x = { in: 0, self: sides[0]!.length > 0 ? w + gap : 0, out: width - w }
  const y = (index: number, of: number) => height / 2 + (index - (of - 1) / 2) * step
  const more = sides.reduce((all, side) => all + Math.max(0, side.length - drawn), 0)
  return (
    <div ref={ref}>
      <svg className="chart" width={width} height={height} role="group" aria-label={`What belongs together with ${name}`}>
        {sides.flatMap((side) => side.slice(0, drawn).map((one, index, all) => {
          const [from, to] = one.direction === 'in' ? [x.in + w, x.self] : [x.self + w, x.out]
          const at = y(index, all.length)
          const [start, end] = one.direction === 'in' ? [at, height / 2] : [height / 2, at]
          return <path key={`${one.direction}${index}`} d={`M${from},${start} C${(from + to) / 2},${start} ${(from + to) / 2},${end} ${to},${end}`} fill="none" stroke="var(--line-grid)" strokeWidth={1.5} strokeDasharray={one.found ? undefined : '4 3'} />
        }))}
        <Box x={x.self} y={height / 2} w={w} title={name} below="this resource" isSelf />
        {sides.flatMap((side) => side.slice(0, drawn).map((one, index, all) => (
          <Box key={`${one.direction}${index}`} x={x[one.direction]} y={y(index, all.length)} w={w} title={one.name ?? one.resource_id} below={`${words(one.relation)} · ${words(one.resource_type)}`} isMissing={!one.found} onOpen={one.key ? () => onOpen(one.key!) : undefined} />
        )))}
      </svg>
      {more > 0 && <Text size="sm">{plural(more, 'more', 'more')} in the table.</Text>}
    </div>
  )
}

interface BoxProps { x: number; y: number; w: number; title: string; below: string; isSelf?: boolean; isMissing?: boolean; onOpen?: () => void }

function Box({ x, y, w, title, below, isSelf, isMissing, onOpen }: BoxProps) {
  const clip = useId()
  const ink = isSelf ? '#fff' : 'var(--mantine-color-text)'
  const role = onOpen ? { role: 'link', tabIndex: 0, onClick: onOpen, onKeyDown: (event: React.KeyboardEvent) => { if (event.key === 'Enter') onOpen() }, style: { cursor: 'pointer' } } : { role: 'img' }
  return (
    <g transform={`translate(${x},${y - box / 2})`} aria-label={`${title}, ${below}${isMissing ? ', not in that scan' : ''}`} {...role}>
      <title>{title}</title>
      <clipPath id={clip}><rect width={Math.max(0, w - 8)} height={box} /></clipPath>
      <rect x={0.5} y={0.5} width={Math.max(0, w - 1)} height={box - 1} rx={6} fill={isSelf ? 'var(--mantine-color-indigo-8)' : 'var(--mantine-color-body)'} stroke={onOpen ? 'var(--mantine-color-anchor)' : 'var(--line-grid)'} strokeDasharray={isMissing ? '4 3' : undefined} />
      <g clipPath={`url(#${clip})`}>
        <text x={8} y={17} fontWeight={600} style={{ fill: ink }}>{title}</text>
        <text x={8} y={31} style={{ fill: ink }}>{below}</text>
      </g>
    </g>
  )
}
