import type { Report } from '../src/protocol/model.js';
import type { PanelState } from '../src/protocol/panel.js';
import { verdict } from '../src/protocol/verdict.js';
import { comparedCurves, type Comparison, type Curve, ownCurves, type Quantity } from './chart/curves.js';
import { pictureOf } from './chart/picture.js';
import { type Window, windowOf } from './chart/viewport.js';
import type { FigureContent } from './figure.js';
import { t } from '../src/protocol/l10n.js';
import { memo } from './memo.js';
import type { Theme } from './theme.js';
import type { Row } from './rows.js';
import {
  comparisonOf,
  controlsOf,
  type Layout,
  layoutOf,
  type PageState,
  placeOf,
  selectedIndex,
  simulatedOf,
} from './state.js';
import { type Line, linesOf } from './table/columns.js';
import { describeControls, isAsWritten, isRecommendedOnly } from './whatIf/settings.js';

/** What views show follows from the state; each part is made anew only when what it follows from is another. */
export class Derived {
  private readonly layouts = memo((report: Report, allSteps: unknown, folds: unknown, layer: unknown, step: unknown) =>
    layoutOf(report, { allSteps, folds, layer, step } as Parameters<typeof layoutOf>[1]),
  );
  // Apart from each other: while a slider is dragged only what the model is compared with changes.
  private readonly own = memo((rows: readonly Row[], moments: Report, finite: Report | undefined) =>
    ownCurves(rows, { moments, finite }),
  );
  private readonly compared = memo(comparedCurves);
  private readonly curves = memo((compared: readonly Curve[], own: readonly Curve[]) => [...compared, ...own]);
  // Of what it is made of: a control that moves makes no other lines before its answer is there.
  private readonly comparisons = memo(comparisonOf);
  private readonly hiddenSets = memo(
    (names: readonly string[] | undefined) => new Set((names ?? ['ratio']) as Quantity[]),
  );
  private readonly windows = memo(windowOf);
  private readonly pictures = memo(
    (
      rows: readonly Row[],
      curves: readonly Curve[],
      hidden: ReadonlySet<Quantity>,
      window: Window,
      selected: number,
      theme: Theme,
    ) => pictureOf({ rows, curves, hidden, window, selected, theme }),
  );
  private readonly descriptions = memo((report: Report, count: number) =>
    t(
      'Variance of signal and gradient over {0} layers. {1} The table below has the numbers.',
      count,
      verdict(report).text,
    ),
  );

  layout(report: Report, { allSteps, folds, layer, step }: PanelState): Layout {
    return this.layouts(report, allSteps, folds, layer, step);
  }

  window(rows: readonly Row[], { zoom }: PanelState): Window {
    return this.windows(rows, zoom);
  }

  hidden({ hidden }: PanelState): ReadonlySet<Quantity> {
    return this.hiddenSets(hidden);
  }

  lines(rows: readonly Row[], report: Report, state: PageState): Line[] {
    return linesOf(rows, report, simulatedOf(report, state.current).finite, this.comparedReport(state));
  }

  comparedReport(state: PageState): Report | 'recommended' | undefined {
    const comparison = this.comparison(state);
    if (comparison === undefined) return undefined;
    return comparison.kind === 'recommended' ? 'recommended' : (comparison.finite ?? comparison.moments);
  }

  figure(report: Report, state: PageState): FigureContent {
    const { kept, current, theme } = state;
    const { rows, bands } = this.layout(report, kept);
    const { finite } = simulatedOf(report, current);
    const comparison = this.comparison(state);
    const picture = this.pictures(
      rows,
      this.curves(this.compared(rows, report, comparison), this.own(rows, report, finite)),
      this.hidden(kept),
      this.window(rows, kept),
      placeOf(rows, selectedIndex(report, kept)),
      theme,
    );
    return {
      picture,
      bands,
      report: finite ?? report,
      compared: comparison === undefined ? undefined : describeControls(controlsOf(kept)),
      isFinite: finite !== undefined,
      allSteps: kept.allSteps === true,
      description: this.descriptions(report, rows.length),
    };
  }

  private comparison({ kept, compared }: PageState): Comparison {
    const controls = controlsOf(kept);
    const isCalledFor = isAsWritten(controls) ? 'nothing' : isRecommendedOnly(controls) ? 'recommended' : 'whatIf';
    return this.comparisons(isCalledFor, compared.moments, compared.finite);
  }
}
