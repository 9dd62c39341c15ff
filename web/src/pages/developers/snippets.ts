import { addressOf, type Described } from './document'

export const languages = [
  { value: 'curl', label: 'curl' },
  { value: 'python', label: 'Python' },
  { value: 'typescript', label: 'TypeScript' },
  { value: 'go', label: 'Go' },
] as const

export type Language = (typeof languages)[number]['value']

const pretty = (body: unknown) => JSON.stringify(body, null, 2)

function curl(operation: Described, url: string): string {
  const lines = [`curl -sS ${operation.method === 'GET' ? '' : `-X ${operation.method} `}'${url}'`, `-H "X-API-Key: $TRACKER_API_KEY"`]
  // A quote ends the text of a shell: it is written as its end, a quote, and its begin.
  if (operation.body !== undefined) lines.push(`-H 'Content-Type: application/json'`, `-d '${pretty(operation.body).replaceAll("'", `'\\''`)}'`)
  return lines.join(' \\\n  ')
}

function python(operation: Described, url: string): string {
  const body = operation.body !== undefined
  return `import json
import os
import urllib.request

request = urllib.request.Request(
    ${JSON.stringify(url)},
    method="${operation.method}",
    headers={"X-API-Key": os.environ["TRACKER_API_KEY"]${body ? ', "Content-Type": "application/json"' : ''}},${body ? `
    data=json.dumps(json.loads(r"""
${pretty(operation.body)}
""")).encode(),` : ''}
)
with urllib.request.urlopen(request) as answer:
    print(answer.read().decode())
`
}

function typescript(operation: Described, url: string): string {
  const body = operation.body !== undefined
  return `const answer = await fetch(${JSON.stringify(url)}, {
  method: '${operation.method}',
  headers: { 'X-API-Key': process.env.TRACKER_API_KEY!${body ? `, 'Content-Type': 'application/json'` : ''} },${body ? `
  body: JSON.stringify(${pretty(operation.body).replaceAll('\n', '\n  ')}),` : ''}
})
if (!answer.ok) throw new Error(await answer.text())
console.log(await answer.text())
`
}

function go(operation: Described, url: string): string {
  const body = operation.body !== undefined
  return `package main

import (
	"io"
	"log"
	"net/http"
	"os"${body ? '\n\t"strings"' : ''}
)

func main() {
	${body ? `body := strings.NewReader(\`${pretty(operation.body).replaceAll('\n', '\n\t')}\`)
	` : ''}request, err := http.NewRequest("${operation.method}", ${JSON.stringify(url)}, ${body ? 'body' : 'nil'})
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("X-API-Key", os.Getenv("TRACKER_API_KEY"))${body ? `
	request.Header.Set("Content-Type", "application/json")` : ''}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(os.Stdout, answer.Body); err != nil {
		log.Fatal(err)
	}
}
`
}

/** snippet is a program that asks the example. The key is that of the environment, never one of the page. */
export function snippet(operation: Described, language: Language, origin: string): string {
  const url = origin + addressOf(operation)
  return { curl, python, typescript, go }[language](operation, url)
}
