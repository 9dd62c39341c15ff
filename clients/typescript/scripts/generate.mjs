// Writes src/schema.gen.ts from the API's document, which comes from standard input:
//
//   go run ../../cmd/api openapi | npm run --silent generate
//
// With a file as its argument it writes there.
import { readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import openapiTS, { astToString } from 'openapi-typescript'

const document = JSON.parse(await text(process.stdin))
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
if (document.info.version !== version) {
  throw new Error(`the API is ${document.info.version} and this package ${version}: set "version" in package.json`)
}

for (const [path, methods] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    if (operation.tags?.includes('compatibility')) {
      delete methods[method] // the client speaks to the API as it is now
      continue
    }
    // Answers that are errors have one form, which src/errors.ts reads.
    for (const [status, answer] of Object.entries(operation.responses)) {
      if (!status.startsWith('2')) delete operation.responses[status]
      delete answer.headers
    }
  }
  if (Object.keys(methods).length === 0) delete document.paths[path]
}
// An object with properties may have more of them in a later version. An index of unknown
// values would say so, and hide every misspelt property.
const close = (node) => {
  if (node === null || typeof node !== 'object') return
  if (node.properties && node.additionalProperties === true) delete node.additionalProperties
  Object.values(node).forEach(close)
}
close(document.components.schemas)
close(document.paths)

const types = astToString(await openapiTS(document, { defaultNonNullable: false }))
const out = process.argv[2] ?? new URL('../src/schema.gen.ts', import.meta.url)
writeFileSync(out, `// Generated from the API's document by scripts/generate.mjs. Do not edit.\n\n${types}`)
