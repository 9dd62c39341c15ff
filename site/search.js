// Looks for words in all pages. The text of the pages is fetched when somebody begins to type.
const input = document.getElementById('search')
const found = document.getElementById('found')
const count = document.getElementById('search-count')
const most = 30
let passages

async function load() {
  passages ??= fetch('search.json').then((answer) => answer.json())
  return passages
}

// How well a passage answers; 0 is not at all. A heading says more than a text.
function score(passage, words) {
  const heading = (passage.page + ' ' + passage.heading).toLowerCase()
  const text = passage.text.toLowerCase()
  let sum = 0
  for (const word of words) {
    if (heading.includes(word)) sum += 10
    else if (text.includes(word)) sum += 1
    else return 0
  }
  return sum
}

function excerpt(passage, word) {
  const at = Math.max(0, passage.text.toLowerCase().indexOf(word) - 50)
  return (at > 0 ? '…' : '') + passage.text.slice(at, at + 160)
}

async function look() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.join('').length < 2) return show([], [], '')
  let all
  try {
    all = await load()
  } catch {
    passages = undefined
    return show([], [], 'The search needs a web server.')
  }
  const hits = all.map((passage) => ({ passage, score: score(passage, words) })).filter((hit) => hit.score > 0)
  hits.sort((a, b) => b.score - a.score)
  show(hits.slice(0, most), words, hits.length > most ? `The first ${most} of ${hits.length}` : `${hits.length} found`)
}

function show(hits, words, says) {
  found.replaceChildren(...hits.map(({ passage }) => {
    const item = document.createElement('li')
    const link = document.createElement('a')
    const text = document.createElement('small')
    link.href = passage.address
    link.textContent = passage.page === passage.heading ? passage.page : `${passage.page}: ${passage.heading}`
    text.textContent = excerpt(passage, words[0])
    link.append(text)
    item.append(link)
    return item
  }))
  found.hidden = hits.length === 0
  count.textContent = says
}

function close() {
  input.value = ''
  show([], [], '')
}

input.addEventListener('input', look)
found.addEventListener('click', close)
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') close()
  if (event.key === '/' && event.target === document.body) {
    event.preventDefault()
    input.focus()
  }
})
