import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const root = dirname(fileURLToPath(import.meta.url))
const core = join(root, 'node_modules/@mantine/core')
const whole = join(core, 'styles.css')

/** mantineStyles leaves out of Mantine's styles those of components that no source names and that none of those is made of. Their order stays. */
export function mantineStyles(): Plugin {
  return {
    name: 'mantine-styles',
    enforce: 'pre',
    load(id) {
      if (resolve(id.split('?')[0]!) !== resolve(whole)) return null
      const used = usedStyles()
      let styles = readFileSync(whole, 'utf8')
      for (const file of under(join(core, 'styles'), /\.css$/)) {
        const name = basename(file, '.css')
        if (!/^[A-Z]\w*$/.test(name) || used.has(name)) continue
        const part = readFileSync(file, 'utf8').trim()
        if (!styles.includes(part)) this.error(`the styles of ${name} are not in those of @mantine/core as they stand`)
        styles = styles.replace(part, () => '')
      }
      return styles
    },
  }
}

/** under are the files of a folder and of those in it, in an order that is the same everywhere. */
const under = (folder: string, name: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => name.test(file)).sort().map((file) => join(folder, file))

/** usedStyles are the names of the components whose styles are needed. */
function usedStyles(): Set<string> {
  const components = new Map(under(join(core, 'esm/components'), /\.mjs$/).map((file) => [basename(file, '.mjs'), file]))
  const used = new Set<string>()
  const seen = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file) || !existsSync(file)) return
    seen.add(file)
    if (file.endsWith('.module.mjs')) used.add(basename(file, '.module.mjs'))
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/from "(\.[^"]+)"/g)) {
      const next = resolve(dirname(file), path!)
      if (/\/(components|utils)\//.test(next)) visit(next)
    }
  }
  for (const file of under(join(root, 'src'), /\.tsx?$/)) {
    for (const [, names] of readFileSync(file, 'utf8').matchAll(/import \{([^}]+)\} from '@mantine\/core'/g)) {
      for (const name of names!.split(',')) visit(components.get(name.replace(/\btype\b|\sas\s.*/g, '').trim()) ?? '')
    }
  }
  return used
}
