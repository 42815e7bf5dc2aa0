/** Colours of the current VS Code theme, as the canvas needs them: resolved. */
export interface Theme {
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly signal: string;
  readonly activation: string;
  readonly gradient: string;
  readonly ratio: string;
  readonly healthy: string;
  readonly selection: string;
  readonly tooltipBackground: string;
  readonly tooltipForeground: string;
  readonly tooltipBorder: string;
  readonly isHighContrast: boolean;
  readonly fontFamily: string;
  readonly fontSize: number;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const get = (names: readonly string[], fallback: string): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value !== '') return value;
    }
    return fallback;
  };
  const foreground = get(['editor-foreground', 'foreground'], '#888');
  const highContrast =
    document.body.classList.contains('vscode-high-contrast') ||
    document.body.classList.contains('vscode-high-contrast-light');
  return {
    foreground,
    muted: highContrast ? foreground : get(['descriptionForeground'], foreground),
    grid: withAlpha(foreground, highContrast ? 0.35 : 0.16),
    background: get(['editor-background'], 'transparent'),
    signal: withAlpha(get(['charts-blue'], '#3794ff'), 1),
    activation: withAlpha(get(['charts-blue'], '#3794ff'), 0.75),
    gradient: withAlpha(get(['charts-orange'], '#d18616'), 1),
    ratio: withAlpha(get(['charts-purple'], '#b180d7'), 1),
    healthy: withAlpha(get(['charts-green'], '#388a34'), 0.12),
    selection: get(['focusBorder', 'contrastActiveBorder'], foreground),
    tooltipBackground: get(['editorHoverWidget-background'], '#222'),
    tooltipForeground: get(['editorHoverWidget-foreground'], foreground),
    tooltipBorder: get(['editorHoverWidget-border', 'contrastBorder'], foreground),
    isHighContrast: highContrast,
    fontFamily: get(['font-family'], 'sans-serif'),
    fontSize: Number.parseFloat(get(['font-size'], '13')),
  };
}

/** Some themes give their chart colours translucent; lines need them solid. */
export function withAlpha(color: string, alpha: number): string {
  return `rgb(from ${color} r g b / ${alpha})`;
}

/** Calls back when the user changes the colour theme. */
export function onThemeChange(callback: () => void): void {
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
}
