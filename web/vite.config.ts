import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { mantineStyles } from './mantine-styles'

// The client of the API is that of clients/typescript, by its sources.
const client = fileURLToPath(new URL('../clients/typescript/src/index.ts', import.meta.url))

// Where an API is, for the pages that `npm run dev` and `vite preview` serve. It takes a session of the page's own origin only.
const server = { target: process.env.CONSOLE_API ?? 'http://127.0.0.1:5000', changeOrigin: false }
const proxy = { '/api': server, '/ready': server, '/metrics': server, '/monitoring': server }

export default defineConfig({
  plugins: [mantineStyles(), react()],
  resolve: { alias: { '@consolesensei/resource-tracker': client } },
  build: {
    target: 'es2022', sourcemap: false, modulePreload: { polyfill: false }, assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What the first page needs comes in two files: each of its own costs a request, and compresses worse.
        codeSplitting: { groups: [{ name: 'first', test: /src\/(shell\/\w+\.tsx?|pages\/overview\/\w+\.tsx)$/ }] },
        // A script with one letter beyond Latin 1 takes twice the memory, and longer to read.
        charset: 'ascii',
      },
    },
  },
  server: { proxy, fs: { allow: ['..'] } },
  preview: { proxy },
})
