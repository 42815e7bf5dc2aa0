/** Makes content anew, and puts the focus, what was open and how far it was scrolled back where they were. */
export function keepingPlace(container: HTMLElement, change: () => void): void {
  const { activeElement } = document;
  const focused = activeElement !== null && container.contains(activeElement) ? activeElement.id : '';
  const before = [...container.querySelectorAll('details')].map(({ open, scrollTop }) => ({ open, scrollTop }));
  change();
  container.querySelectorAll('details').forEach((details, i) => {
    details.open = before[i]?.open ?? false;
    details.scrollTop = before[i]?.scrollTop ?? 0;
  });
  if (focused !== '' && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
}
