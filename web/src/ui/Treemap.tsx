import { useElementSize } from '@mantine/hooks'
import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy'
import { useId, useMemo } from 'react'
import { money, plural } from './format'

/** Of a leaf's cost, apart is what is at the price of another region: it is hatched. */
export interface Leaf { group: string; key: string; cost: number; apart?: number; resources: number; filter: string }
interface Node { name: string; leaf?: Leaf; children?: Node[] }

// White text on each of them has a contrast of 4.5 to 1 or more.
const colours = ['#364fc7', '#0b7285', '#862e9c', '#2b6a30', '#a61e4d', '#8a4b08', '#5f3dc4', '#1864ab', '#b02525', '#495057']

/** Treemap draws what costs how much, by group and what is in it. Each box leads to the list whose sum it is. */
export function Treemap({ leaves, height = 320, label, onPick }: { leaves: Leaf[]; height?: number; label: string; onPick: (leaf: Leaf) => void }) {
  const { ref, width } = useElementSize()
  const apart = useId()
  const boxes = useMemo(() => (width > 0 ? layout(leaves, width, height) : []), [leaves, width, height])
  const groups = [...new Set(leaves.map((leaf) => leaf.group))]
  return (
    <div ref={ref}>
      <svg className="treemap" width={width} height={height} role="group" aria-label={label}>
        <defs><pattern id={apart} width={8} height={8} patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width={3} height={8} fill="#fff" opacity={0.35} /></pattern></defs>
        {boxes.map(({ leaf, x, y, w, h, name, figure }) => (
          <g
            key={leaf.filter} role="link" tabIndex={0} transform={`translate(${x},${y})`}
            aria-label={`${leaf.group}, ${leaf.key}: ${money(leaf.cost)} a month, ${plural(leaf.resources, 'resource')}${leaf.apart ? `, of it ${money(leaf.apart)} at the price of another region` : ''}`}
            onClick={() => onPick(leaf)} onKeyDown={(event) => event.key === 'Enter' && onPick(leaf)}
          >
            <title>{`${leaf.group}, ${leaf.key}: ${money(leaf.cost)} a month`}</title>
            <rect width={w} height={h} rx={3} fill={colours[groups.indexOf(leaf.group) % colours.length]} />
            {leaf.apart ? <rect x={0} y={h * (1 - leaf.apart / leaf.cost)} width={w} height={(h * leaf.apart) / leaf.cost} rx={3} fill={`url(#${apart})`} /> : null}
            {name && <text x={7} y={17} fontWeight={600}>{name}</text>}
            {figure && <text x={7} y={34}>{figure}</text>}
          </g>
        ))}
      </svg>
    </div>
  )
}

/** writer fits texts into boxes, in the font of the page. A name that is cut says so; a figure that is cut would read as another, and is left out. */
function writer() {
  const pen = document.createElement('canvas').getContext('2d')!
  const { fontFamily } = getComputedStyle(document.body)
  const fits = (text: string, pixels: number, weight: number) => {
    pen.font = `${weight} 12px ${fontFamily}`
    return pen.measureText(text).width <= pixels
  }
  return {
    name: (text: string, pixels: number): string => {
      let shown = text
      for (let end = text.length - 1; end > 0 && !fits(shown, pixels, 600); end--) shown = `${text.slice(0, end)}…`
      return shown
    },
    figure: (text: string, pixels: number): string | undefined => (fits(text, pixels, 400) ? text : undefined),
  }
}

function layout(leaves: Leaf[], width: number, height: number) {
  const write = writer()
  const groups = new Map<string, Leaf[]>()
  for (const leaf of leaves) groups.set(leaf.group, [...(groups.get(leaf.group) ?? []), leaf])
  const root: Node = {
    name: '',
    children: [...groups].map(([name, members]) => ({ name, children: members.map((leaf) => ({ name: leaf.key, leaf })) })),
  }
  const sized = hierarchy(root).sum((node) => node.leaf?.cost ?? 0).sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
  return treemap<Node>().tile(treemapSquarify).size([width, height]).paddingInner(2)(sized).leaves()
    .filter((node) => node.data.leaf && node.x1 - node.x0 > 1 && node.y1 - node.y0 > 1)
    .map((node) => {
      const [leaf, w, h] = [node.data.leaf!, node.x1 - node.x0, node.y1 - node.y0]
      const isNamed = w > 44 && h > 22
      return { leaf, x: node.x0, y: node.y0, w, h, name: isNamed ? write.name(leaf.key, w - 13) : undefined, figure: isNamed && h > 40 ? write.figure(money(leaf.cost), w - 13) : undefined }
    })
}
