import { type RefCallback, useCallback } from 'react'

/**
 * For a row that scrolls sideways: `data-more` says on which sides there is more, and the edge fades there (`globals.css`).
 * What is chosen in it is brought into sight. Give it the result as `ref`.
 */
export function useScrollHint(): RefCallback<HTMLElement> {
  return useCallback((element: HTMLElement | null) => {
    if (!element) return
    const look = () => {
      const { scrollLeft, scrollWidth, clientWidth } = element
      const sides = [scrollLeft > 1 && 'left', scrollLeft + clientWidth < scrollWidth - 1 && 'right'].filter(Boolean).join(' ')
      if (element.dataset.more !== sides) element.dataset.more = sides
    }
    const show = () => {
      const chosen = element.querySelector('[aria-current="page"], [aria-selected="true"]')
      chosen?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
      look()
    }
    show()
    element.addEventListener('scroll', look, { passive: true })
    const size = new ResizeObserver(look)
    size.observe(element)
    const choice = new MutationObserver(show)
    choice.observe(element, { subtree: true, childList: true, attributeFilter: ['aria-current', 'aria-selected'] })
    return () => {
      element.removeEventListener('scroll', look)
      size.disconnect()
      choice.disconnect()
    }
  }, [])
}
