import { useElementSize } from '@mantine/hooks'
import { AsTable } from './AsTable'

export interface Point { label: string; value: number; known: boolean }
export interface Outlook { label: string; low: number; value: number; high: number }

interface LineChartProps {
  label: string
  points: Point[]
  outlook?: Outlook
  /** What is to be said of a point, by its label. */
  marks?: Map<string, string>
  show: (value: number) => string
  height?: number
}

const margin = { left: 88, right: 12, top: 10, bottom: 24 }

/** LineChart draws values by day, and what is to be expected after them. Days that nobody looked at are drawn hollow. A table says the same. */
export function LineChart({ label, points, outlook, marks, show, height = 220 }: LineChartProps) {
  const { ref, width } = useElementSize()
  const steps = Math.max(1, points.length - 1 + (outlook ? 3 : 0))
  const all = [...points.map((point) => point.value), ...(outlook ? [outlook.low, outlook.high] : [])]
  const low = Math.min(...all)
  const high = Math.max(...all)
  const pad = (high - low || high || 1) * 0.1
  const x = (index: number) => margin.left + (index / steps) * Math.max(0, width - margin.left - margin.right)
  const y = (value: number) => margin.top + (1 - (value - low + pad) / (high - low + 2 * pad)) * (height - margin.top - margin.bottom)
  const end = points.length - 1
  return (
    <div ref={ref}>
      <svg className="chart" width={width} height={height} role="img" aria-label={label}>
        {[low, (low + high) / 2, high].map((value, index) => (
          <g key={index}>
            <line x1={margin.left} x2={Math.max(margin.left, width - margin.right)} y1={y(value)} y2={y(value)} stroke="var(--line-grid)" strokeDasharray="2 4" />
            <text x={margin.left - 6} y={y(value) + 4} textAnchor="end">{show(value)}</text>
          </g>
        ))}
        {outlook && (
          <>
            <polygon points={[[end, points[end]!.value], [steps, outlook.high], [steps, outlook.low]].map(([i, v]) => `${x(i!)},${y(v!)}`).join(' ')} fill="var(--mantine-primary-color-filled)" opacity={0.2} />
            <line x1={x(end)} y1={y(points[end]!.value)} x2={x(steps)} y2={y(outlook.value)} stroke="var(--mantine-primary-color-filled)" strokeDasharray="5 4" strokeWidth={2} />
          </>
        )}
        <polyline points={points.map((point, index) => `${x(index)},${y(point.value)}`).join(' ')} fill="none" stroke="var(--mantine-primary-color-filled)" strokeWidth={2} />
        {points.map((point, index) => (
          <circle key={point.label} cx={x(index)} cy={y(point.value)} r={3} stroke="var(--mantine-primary-color-filled)" fill={point.known ? 'var(--mantine-primary-color-filled)' : 'var(--mantine-color-body)'}>
            <title>{`${point.label}: ${show(point.value)}${point.known ? '' : ', as of the day before'}`}</title>
          </circle>
        ))}
        {points.map((point, index) => marks?.has(point.label) && (
          <path key={point.label} className="mark" d={`M${x(index)} ${y(point.value) - 7}l6 7l-6 7l-6 -7z`}><title>{`${point.label} stands out: ${marks.get(point.label)}`}</title></path>
        ))}
        {points.length > 1 && [0, end].map((index) => (
          <text key={index} x={x(index)} y={height - 6} textAnchor={index === 0 ? 'start' : outlook ? 'middle' : 'end'}>{points[index]!.label}</text>
        ))}
      </svg>
      <AsTable label={label}>
        {() => (
          <tbody>
            {points.map((point) => <tr key={point.label}><td>{point.label}{point.known ? '' : ' (as of the day before)'}{marks?.has(point.label) && `, stands out: ${marks.get(point.label)}`}</td><td className="number">{show(point.value)}</td></tr>)}
            {outlook && <tr><td>{outlook.label}</td><td className="number">{show(outlook.value)} ({show(outlook.low)} to {show(outlook.high)})</td></tr>}
          </tbody>
        )}
      </AsTable>
    </div>
  )
}
