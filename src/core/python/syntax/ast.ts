/**
 * InitScope's own syntax of Python: the names are those of CPython's `ast` module, the places are UTF-16 offsets
 * into the source text, and numbers keep the difference between `1` and `1.0`. Nothing outside this folder knows
 * which parser made the tree.
 */
export interface Located {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface Module extends Located {
  readonly type: 'Module';
  readonly body: readonly Statement[];
}

// ---------------------------------------------------------------- statements

export type Statement =
  | FunctionDef
  | ClassDef
  | Return
  | Delete
  | Assign
  | AugAssign
  | AnnAssign
  | For
  | While
  | If
  | With
  | Match
  | Raise
  | Try
  | Assert
  | Import
  | ImportFrom
  | Global
  | Nonlocal
  | ExpressionStatement
  | Pass
  | Break
  | Continue
  | TypeAlias
  | Broken;

export interface FunctionDef extends Located {
  readonly type: 'FunctionDef';
  readonly name: string;
  readonly nameRange: Located;
  readonly args: Arguments;
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
  readonly returns: Expression | null;
  readonly isAsync: boolean;
  /** The body holds a `yield` of its own. */
  readonly isGenerator: boolean;
}
export interface ClassDef extends Located {
  readonly type: 'ClassDef';
  readonly name: string;
  readonly nameRange: Located;
  readonly bases: readonly Expression[];
  readonly keywords: readonly Keyword[];
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
}
export interface Return extends Located {
  readonly type: 'Return';
  readonly value: Expression | null;
}
export interface Delete extends Located {
  readonly type: 'Delete';
  readonly targets: readonly Expression[];
}
export interface Assign extends Located {
  readonly type: 'Assign';
  readonly targets: readonly Expression[];
  readonly value: Expression;
}
export interface AugAssign extends Located {
  readonly type: 'AugAssign';
  readonly target: Expression;
  readonly op: BinaryOperator;
  readonly value: Expression;
}
export interface AnnAssign extends Located {
  readonly type: 'AnnAssign';
  readonly target: Expression;
  readonly annotation: Expression;
  readonly value: Expression | null;
}
export interface For extends Located {
  readonly type: 'For';
  readonly target: Expression;
  readonly iter: Expression;
  readonly body: readonly Statement[];
  readonly orelse: readonly Statement[];
}
export interface While extends Located {
  readonly type: 'While';
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly orelse: readonly Statement[];
}
export interface If extends Located {
  readonly type: 'If';
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly orelse: readonly Statement[];
}
export interface With extends Located {
  readonly type: 'With';
  readonly items: readonly { readonly context: Expression; readonly target: Expression | null }[];
  readonly body: readonly Statement[];
}
export interface Match extends Located {
  readonly type: 'Match';
  readonly subject: Expression;
  readonly cases: readonly {
    readonly pattern: Pattern;
    readonly guard: Expression | null;
    readonly body: readonly Statement[];
  }[];
}
export interface Raise extends Located {
  readonly type: 'Raise';
  readonly exception: Expression | null;
}
export interface Try extends Located {
  readonly type: 'Try';
  readonly body: readonly Statement[];
  readonly handlers: readonly {
    readonly exception: Expression | null;
    readonly name: string | null;
    readonly body: readonly Statement[];
  }[];
  readonly orelse: readonly Statement[];
  readonly finalbody: readonly Statement[];
}
export interface Assert extends Located {
  readonly type: 'Assert';
  readonly test: Expression;
  readonly message: Expression | null;
}
export interface ImportName extends Located {
  readonly name: string;
  readonly asName: string | null;
}
export interface Import extends Located {
  readonly type: 'Import';
  readonly names: readonly ImportName[];
}
export interface ImportFrom extends Located {
  readonly type: 'ImportFrom';
  /** `null` in `from . import x`. */
  readonly module: string | null;
  readonly names: readonly ImportName[];
  /** Number of leading dots. */
  readonly level: number;
}
export interface Global extends Located {
  readonly type: 'Global';
  readonly names: readonly string[];
}
export interface Nonlocal extends Located {
  readonly type: 'Nonlocal';
  readonly names: readonly string[];
}
export interface ExpressionStatement extends Located {
  readonly type: 'Expr';
  readonly value: Expression;
}
export interface Pass extends Located {
  readonly type: 'Pass';
}
export interface Break extends Located {
  readonly type: 'Break';
}
export interface Continue extends Located {
  readonly type: 'Continue';
}
export interface TypeAlias extends Located {
  readonly type: 'TypeAlias';
  readonly name: string;
}
/** A stretch of source that could not be parsed. Names it would have defined are read off its first line where that can be done. */
export interface Broken extends Located {
  readonly type: 'Broken';
  readonly message: string;
  readonly defines: string | null;
}

// ---------------------------------------------------------------- expressions

export type Expression =
  | BoolOp
  | NamedExpr
  | BinOp
  | UnaryOp
  | Lambda
  | IfExp
  | Dict
  | SetLiteral
  | Comprehension
  | Await
  | Yield
  | YieldFrom
  | Compare
  | Call
  | JoinedStr
  | Constant
  | Attribute
  | Subscript
  | Starred
  | Name
  | List
  | Tuple
  | Slice;

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '<<' | '>>' | '&' | '|' | '^';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'is' | 'is not' | 'in' | 'not in';

export interface BoolOp extends Located {
  readonly type: 'BoolOp';
  readonly op: 'and' | 'or';
  readonly values: readonly Expression[];
}
export interface NamedExpr extends Located {
  readonly type: 'NamedExpr';
  readonly target: string;
  readonly value: Expression;
}
export interface BinOp extends Located {
  readonly type: 'BinOp';
  readonly op: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
export interface UnaryOp extends Located {
  readonly type: 'UnaryOp';
  readonly op: '-' | '+' | '~' | 'not';
  readonly operand: Expression;
}
export interface Lambda extends Located {
  readonly type: 'Lambda';
  readonly args: Arguments;
  readonly body: Expression;
}
export interface IfExp extends Located {
  readonly type: 'IfExp';
  readonly test: Expression;
  readonly body: Expression;
  readonly orelse: Expression;
}
export interface Dict extends Located {
  readonly type: 'Dict';
  /** A `null` key is `**value`. */
  readonly entries: readonly { readonly key: Expression | null; readonly value: Expression }[];
}
export interface SetLiteral extends Located {
  readonly type: 'Set';
  readonly elements: readonly Expression[];
}
/** `[…]`, `{…}`, `(…)` and `{k: v …}` comprehensions; `key` only for the last. */
export interface Comprehension extends Located {
  readonly type: 'Comprehension';
  readonly kind: 'list' | 'set' | 'generator' | 'dict';
  readonly key: Expression | null;
  readonly element: Expression;
  readonly generators: readonly {
    readonly target: Expression;
    readonly iter: Expression;
    readonly conditions: readonly Expression[];
  }[];
}
export interface Await extends Located {
  readonly type: 'Await';
  readonly value: Expression;
}
export interface Yield extends Located {
  readonly type: 'Yield';
  readonly value: Expression | null;
}
export interface YieldFrom extends Located {
  readonly type: 'YieldFrom';
  readonly value: Expression;
}
export interface Compare extends Located {
  readonly type: 'Compare';
  readonly left: Expression;
  readonly ops: readonly CompareOperator[];
  readonly comparators: readonly Expression[];
}
export interface Keyword extends Located {
  /** `null` for `**value`. */
  readonly name: string | null;
  readonly value: Expression;
}
export interface Call extends Located {
  readonly type: 'Call';
  readonly func: Expression;
  readonly args: readonly Expression[];
  readonly keywords: readonly Keyword[];
}
export interface JoinedStr extends Located {
  readonly type: 'JoinedStr';
  readonly parts: readonly (string | FormattedValue)[];
}
export interface FormattedValue {
  readonly value: Expression;
  readonly conversion: 's' | 'r' | 'a' | null;
  readonly format: JoinedStr | null;
}
export interface Constant extends Located {
  readonly type: 'Constant';
  readonly kind: 'int' | 'float' | 'complex' | 'str' | 'bytes' | 'bool' | 'none' | 'ellipsis';
  /** number for int and float; bigint for an int beyond 2^53; string for str and bytes; boolean; null otherwise (complex: the imaginary part). */
  readonly value: number | bigint | string | boolean | null;
}
export interface Attribute extends Located {
  readonly type: 'Attribute';
  readonly value: Expression;
  readonly attr: string;
}
export interface Subscript extends Located {
  readonly type: 'Subscript';
  readonly value: Expression;
  readonly index: Expression;
}
export interface Starred extends Located {
  readonly type: 'Starred';
  readonly value: Expression;
}
export interface Name extends Located {
  readonly type: 'Name';
  readonly id: string;
}
export interface List extends Located {
  readonly type: 'List';
  readonly elements: readonly Expression[];
}
export interface Tuple extends Located {
  readonly type: 'Tuple';
  readonly elements: readonly Expression[];
}
export interface Slice extends Located {
  readonly type: 'Slice';
  readonly lower: Expression | null;
  readonly upper: Expression | null;
  readonly step: Expression | null;
}

// ---------------------------------------------------------------- parameters and patterns

export interface Parameter extends Located {
  readonly name: string;
  readonly annotation: Expression | null;
  readonly default: Expression | null;
}
export interface Arguments {
  readonly positionalOnly: readonly Parameter[];
  readonly positional: readonly Parameter[];
  readonly varargs: Parameter | null;
  readonly keywordOnly: readonly Parameter[];
  readonly kwargs: Parameter | null;
}

export type Pattern =
  | (Located & { readonly type: 'MatchValue'; readonly value: Expression })
  | (Located & { readonly type: 'MatchSingleton'; readonly value: boolean | null })
  | (Located & { readonly type: 'MatchSequence'; readonly patterns: readonly Pattern[] })
  | (Located & {
      readonly type: 'MatchMapping';
      readonly keys: readonly Expression[];
      readonly patterns: readonly Pattern[];
      readonly rest: string | null;
    })
  | (Located & {
      readonly type: 'MatchClass';
      readonly cls: Expression;
      readonly patterns: readonly Pattern[];
      readonly keywords: readonly { readonly name: string; readonly pattern: Pattern }[];
    })
  | (Located & { readonly type: 'MatchStar'; readonly name: string | null })
  /** `name`, `pattern as name`, or `_` when both are null. */
  | (Located & { readonly type: 'MatchAs'; readonly pattern: Pattern | null; readonly name: string | null })
  | (Located & { readonly type: 'MatchOr'; readonly patterns: readonly Pattern[] });
