import { Anchor, type AnchorProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import { type AnchorHTMLAttributes, forwardRef } from 'react'

/** To is a link to a page of the console. */
export const To = createLink(forwardRef<HTMLAnchorElement, AnchorProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof AnchorProps>>(function To(props, ref) {
  return <Anchor ref={ref} underline="always" {...props} />
}))
