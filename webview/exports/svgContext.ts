type Point = readonly [x: number, y: number];

/** a b c d e f, as SVG and canvas write a matrix. */
type Matrix = readonly [number, number, number, number, number, number];

/** What only a real canvas knows. */
export interface RealContext {
  width(text: string, font: string): number;
  /** A colour as any program reads it. */
  color(css: string): string;
}

/** The part of a canvas's context that Chart.js and our own drawing use, written down as SVG. */
export class SvgContext {
  fillStyle = '#000';
  strokeStyle = '#000';
  lineWidth = 1;
  font = '12px sans-serif';
  textAlign = 'start';
  textBaseline = 'alphabetic';
  lineJoin = 'miter';
  lineCap = 'butt';
  globalAlpha = 1;
  lineDashOffset = 0;
  private matrix: Matrix = [1, 0, 0, 1, 0, 0];
  private dash: readonly number[] = [];
  private clipped: string | undefined;
  private readonly saved: ReturnType<SvgContext['state']>[] = [];
  private readonly elements: string[] = [];
  private readonly clips: string[] = [];
  private path = '';
  readonly canvas: { readonly width: number; readonly height: number; readonly getContext: () => SvgContext };

  constructor(
    readonly width: number,
    readonly height: number,
    private readonly real: RealContext,
  ) {
    this.canvas = { width, height, getContext: () => this };
  }

  toSvg(title: string, background: string): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${this.width}" height="${this.height}" viewBox="0 0 ${this.width} ${this.height}" role="img">`,
      `<title>${escape(title)}</title>`,
      `<defs>${this.clips.join('')}</defs>`,
      `<rect width="100%" height="100%" fill="${escape(this.real.color(background))}"/>`,
      ...this.elements,
      '</svg>',
    ].join('\n');
  }

  save(): void {
    this.saved.push(this.state());
  }
  private state() {
    const { fillStyle, strokeStyle, lineWidth, font, textAlign, textBaseline, lineJoin, lineCap } = this;
    const { globalAlpha, lineDashOffset, matrix, dash, clipped } = this;
    const text = { font, textAlign, textBaseline };
    const stroke = { strokeStyle, lineWidth, lineJoin, lineCap, lineDashOffset, dash };
    return { fillStyle, globalAlpha, matrix, clipped, ...text, ...stroke };
  }
  restore(): void {
    Object.assign(this, this.saved.pop());
  }
  translate(x: number, y: number): void {
    this.matrix = times(this.matrix, [1, 0, 0, 1, x, y]);
  }
  rotate(angle: number): void {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    this.matrix = times(this.matrix, [c, s, -s, c, 0, 0]);
  }
  scale(x: number, y: number): void {
    this.matrix = times(this.matrix, [x, 0, 0, y, 0, 0]);
  }
  setTransform(...matrix: number[]): void {
    if (matrix.length === 6) this.matrix = matrix as unknown as Matrix;
  }
  resetTransform(): void {
    this.matrix = [1, 0, 0, 1, 0, 0];
  }
  setLineDash(dash: readonly number[]): void {
    this.dash = dash;
  }
  getLineDash(): readonly number[] {
    return this.dash;
  }
  measureText(text: string): { width: number } {
    return { width: this.real.width(text, this.font) };
  }

  beginPath(): void {
    this.path = '';
  }
  closePath(): void {
    if (this.path !== '') this.path += 'Z';
  }
  moveTo(x: number, y: number): void {
    this.path += `M${this.at([x, y])}`;
  }
  lineTo(x: number, y: number): void {
    this.path += `${this.path === '' ? 'M' : 'L'}${this.at([x, y])}`;
  }
  bezierCurveTo(a: number, b: number, c: number, d: number, x: number, y: number): void {
    this.path += `C${this.at([a, b])} ${this.at([c, d])} ${this.at([x, y])}`;
  }
  rect(x: number, y: number, width: number, height: number): void {
    const [a, b, c, d] = [
      this.at([x, y]),
      this.at([x + width, y]),
      this.at([x + width, y + height]),
      this.at([x, y + height]),
    ];
    this.path += `M${a}L${b}L${c}L${d}Z`;
  }
  arc(x: number, y: number, r: number, start: number, end: number): void {
    const at = (angle: number): string => this.at([x + r * Math.cos(angle), y + r * Math.sin(angle)]);
    const sweep = Math.abs(end - start);
    this.path += `${this.path === '' ? 'M' : 'L'}${at(start)}`;
    const half = sweep >= 2 * Math.PI - 1e-6 ? start + Math.PI : (start + end) / 2;
    for (const to of [half, end]) this.path += `A${short(r)} ${short(r)} 0 0 1 ${at(to)}`;
  }

  fill(): void {
    this.add(`<path d="${this.path}" ${this.fillAttributes()}/>`);
  }
  stroke(): void {
    this.add(`<path d="${this.path}" fill="none" ${this.strokeAttributes()}/>`);
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
    this.beginPath();
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.stroke();
    this.beginPath();
  }
  clearRect(): void {
    // A new picture is empty.
  }
  clip(): void {
    const id = `clip${this.clips.length}`;
    this.clips.push(`<clipPath id="${id}"><path d="${this.path}"/></clipPath>`);
    this.clipped = id;
  }
  fillText(text: string, x: number, y: number): void {
    const { textAlign, textBaseline, font } = this;
    const anchor = ({ center: 'middle', right: 'end', end: 'end' } as Record<string, string>)[textAlign] ?? 'start';
    const shift = ({ middle: '0.35em', top: '0.8em', hanging: '0.8em', bottom: '-0.2em' } as Record<string, string>)[
      textBaseline
    ];
    const matrix = this.matrix.map(short).join(' ');
    this.add(
      `<text x="${short(x)}" y="${short(y)}"${shift === undefined ? '' : ` dy="${shift}"`} text-anchor="${anchor}" style="font: ${escape(font)}" transform="matrix(${matrix})" ${this.fillAttributes()}>${escape(text)}</text>`,
    );
  }
  strokeText(): void {
    // Nobody outlines text.
  }

  private add(element: string): void {
    if (element.includes('d=""')) return;
    const { clipped: clip } = this;
    this.elements.push(clip === undefined ? element : `<g clip-path="url(#${clip})">${element}</g>`);
  }
  private fillAttributes(): string {
    return `fill="${escape(this.real.color(this.fillStyle))}"${this.opacity()}`;
  }
  private strokeAttributes(): string {
    const { strokeStyle, lineWidth, dash, lineJoin, lineCap } = this;
    const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.map(short).join(' ')}"`;
    return `stroke="${escape(this.real.color(strokeStyle))}" stroke-width="${short(lineWidth)}" stroke-linejoin="${lineJoin}" stroke-linecap="${lineCap}"${dashes}${this.opacity()}`;
  }
  private opacity(): string {
    return this.globalAlpha === 1 ? '' : ` opacity="${this.globalAlpha}"`;
  }
  private at([x, y]: Point): string {
    const [a, b, c, d, e, f] = this.matrix;
    return `${short(a * x + c * y + e)} ${short(b * x + d * y + f)}`;
  }
}

function times([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

function short(x: number): string {
  return String(Math.round(x * 100) / 100);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
