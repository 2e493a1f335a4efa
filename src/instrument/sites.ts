/** @file Sites: the places in a person's text that probes report, and the result of instrumenting a file. */

export type SiteKind = "call" | "new" | "tag" | "property" | "binding" | "loop" | "function";

/** Lines and columns are 1-based, in UTF-16 units of the original text (a byte order mark is not a column). */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/**
 * One place that a probe names. The id of a site is `firstSite` plus its index in `Instrumented.sites`.
 *
 * The range is that of the expression: of a whole call, of the name in a binding, of the keyword in a loop
 * (`for`), of the name (else the first token) of a function. A call in a chain that was broken over lines
 * (`x⏎.mul(2)⏎.mean()`) begins at its own method name, so that each link has its own line.
 */
export interface Site extends Range {
  readonly kind: SiteKind;
  /** The source of the expression on one line, at most 80 characters. */
  readonly text: string;
  /**
   * binding: the target as written (`y`, `this.weight`, `params.w`); loop: `for`, `for…in`, `for…of`,
   * `for await`, `while`, `do`; function: its name as JavaScript infers it; call: the name of what is called.
   * `null` where there is none.
   */
  readonly name: string | null;
  /** Site id of the innermost loop or function that encloses this one in the text. */
  readonly within: number | null;
  /** Where V8 would put this call in a stack trace: at the name of what is called. */
  readonly anchor: { readonly line: number; readonly column: number };
  /** binding: how the name came to its value. */
  readonly declares?: "const" | "let" | "var" | "using" | "field" | "property" | "assignment";
  /** binding: where the value's expression stands, if there is one expression for this name alone. */
  readonly init?: Range;
  /** loop and function: the whole statement or function. */
  readonly extent?: Range;
}

export interface Diagnostic extends Range {
  readonly message: string;
  /** TypeScript's number (1005 for "';' expected."); 0 where the message is ours. */
  readonly code: number;
}

export interface InstrumentOptions {
  /** Path or URL for the source map and for the language: .ts .mts .cts .tsx .js .mjs .cjs .jsx decide how it parses. */
  readonly fileName: string;
  /** The id of the first site of this module; ids are global across the modules of a run. */
  readonly firstSite: number;
  /** `false`: only transpile. */
  readonly probes: boolean;
  /** Module system of the code that comes out; "esm" unless told. */
  readonly module?: "esm" | "cjs";
  readonly jsx?: "react" | "react-jsx" | "react-jsxdev" | "preserve";
  readonly jsxFactory?: string;
  readonly jsxFragmentFactory?: string;
  readonly jsxImportSource?: string;
  /** TypeScript's older decorators, with the metadata of `emitDecoratorMetadata` where that is asked for. */
  readonly experimentalDecorators?: boolean;
  readonly emitDecoratorMetadata?: boolean;
  /** Class fields by [[Define]] (the default, as in JavaScript) or by assignment (`false`). */
  readonly useDefineForClassFields?: boolean;
}

export interface Instrumented {
  /** JavaScript, ES2022. Holds no source map comment. */
  readonly code: string;
  /** Source map, version 3, as JSON; its only source is `fileName`. */
  readonly map: string;
  readonly sites: readonly Site[];
  /** Syntax errors, with TypeScript's text. Where there is one, `code` is what could be made of the text. */
  readonly diagnostics: readonly Diagnostic[];
}
