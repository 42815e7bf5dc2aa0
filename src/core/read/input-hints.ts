import type { InputTensor } from '../frameworks/torch/model/trace-forward.js';
import type * as ast from '../python/syntax/ast.js';
import { children } from '../python/syntax/children.js';

/** Shapes that a file itself shows, as candidates for forward's inputs. */
export interface InputHints {
  /** Tensors made one after another in one stretch of code outside classes: `x = torch.randn(1, 3, 32, 32)`. */
  readonly callSites: readonly (readonly InputTensor[])[];
  /** Shapes in comments and docstrings: `# (B, 3, 32, 32)`. */
  readonly comments: readonly InputTensor[];
}

const MAKERS: Readonly<Record<string, 'float' | 'int'>> = {
  randn: 'float',
  rand: 'float',
  zeros: 'float',
  ones: 'float',
  empty: 'float',
  normal: 'float',
  randint: 'int',
};

export function findInputHints(body: readonly ast.Statement[], text: string): InputHints {
  const callSites: InputTensor[][] = [];
  const top: InputTensor[] = [];
  for (const s of body) {
    if (s.type === 'ClassDef') continue;
    if (s.type === 'FunctionDef' || s.type === 'If') {
      const group = tensorsIn(s);
      if (group.length > 0) callSites.push(group);
    } else top.push(...tensorsIn(s));
  }
  if (top.length > 0) callSites.push(top);
  return { callSites: callSites.slice(0, 6), comments: shapesInComments(text) };
}

function tensorsIn(node: object): InputTensor[] {
  const out: InputTensor[] = [];
  const walk = (n: object): void => {
    if ('type' in n && n.type === 'Call') {
      const t = madeTensor(n as ast.Call);
      if (t) out.push(t);
    }
    for (const child of children(n)) walk(child);
  };
  walk(node);
  return out;
}

/** `torch.randn(2, 3)`, `torch.zeros((2, 3))`, `torch.randint(0, 10, (2, 3))` with literal sizes. */
function madeTensor(n: ast.Call): InputTensor | undefined {
  const name = n.func.type === 'Attribute' ? n.func.attr : n.func.type === 'Name' ? n.func.id : '';
  const dtype = Object.hasOwn(MAKERS, name) ? MAKERS[name] : undefined;
  if (!dtype) return undefined;
  const keyword = n.keywords.find((k) => k.name === 'size')?.value;
  const args = keyword ? [keyword] : name === 'randint' ? n.args.slice(-1) : n.args;
  const [only] = args;
  const sizes = args.length === 1 && only && (only.type === 'Tuple' || only.type === 'List') ? only.elements : args;
  const shape = sizes.map((e) =>
    e.type === 'Constant' && e.kind === 'int' && typeof e.value === 'number' ? e.value : -1,
  );
  if (shape.length === 0 || shape.some((d) => d <= 0)) return undefined;
  const bound = name === 'randint' ? n.args[n.args.length > 2 ? 1 : 0] : undefined;
  const range = bound?.type === 'Constant' && typeof bound.value === 'number' ? bound.value : 2;
  return dtype === 'int' ? { shape, dtype, range } : { shape, dtype };
}

/** `(B, 3, 32, 32)`, `[batch_size, 1, 28, 28]`, `N x 3 x 224 x 224` in comments and strings: a name or 1, then numbers. */
function shapesInComments(text: string): InputTensor[] {
  const out: InputTensor[] = [];
  const seen = new Set<string>();
  for (const comment of text.matchAll(/#[^\n]*|"""[\s\S]*?"""/g)) {
    for (const m of comment[0].matchAll(
      /[([]\s*(?:[A-Za-z_]\w*|-1|1)((?:\s*[,x×*]\s*\d+){1,4})\s*[)\]]|\b(?:N|B|batch)((?:\s*[x×*]\s*\d+){1,4})\b/g,
    )) {
      const sizes = [...(m[1] ?? m[2] ?? '').matchAll(/\d+/g)].map((d) => Number(d[0]));
      const shape = [1, ...sizes];
      if (sizes.some((d) => d === 0) || seen.has(String(shape))) continue;
      seen.add(String(shape));
      out.push({ shape, dtype: 'float' });
    }
    if (out.length >= 6) break;
  }
  return out.slice(0, 6);
}
