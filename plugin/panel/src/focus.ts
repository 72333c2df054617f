// A control that is disabled while its request runs loses the focus; a keyboard user must find it again.

export interface FocusHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly updateComplete: Promise<boolean>;
}

export function activeIn(host: FocusHost): HTMLElement | null {
  return host.renderRoot instanceof ShadowRoot ? (host.renderRoot.activeElement as HTMLElement | null) : null;
}

/** Gives the focus back after the action, or to the first fallback there is when the control is gone. Never takes it from elsewhere. */
export async function keepingFocus(host: FocusHost, action: () => Promise<unknown>, ...fallbacks: string[]): Promise<void> {
  const before = activeIn(host);
  await action();
  await host.updateComplete;
  const now = document.activeElement;
  if (!before || activeIn(host) || (now !== null && now !== document.body)) return;
  if (before.isConnected && !before.matches(":disabled")) before.focus();
  else fallbacks.map((selector) => host.renderRoot.querySelector<HTMLElement>(selector)).find((found) => found)?.focus();
}
