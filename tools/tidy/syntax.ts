import ts from 'typescript';

import type { TidyFile } from './rule.ts';

const parsed = new WeakMap<TidyFile, ts.SourceFile>();

/** The syntax tree of a file; parsed once. */
export function parse(file: TidyFile): ts.SourceFile {
  const known = parsed.get(file);
  if (known) return known;
  const kind = file.path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true, kind);
  parsed.set(file, source);
  return source;
}

/** Calls `visit` for every node below `node`, itself included, in the order of the text. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Every node of a file for which `select` says yes. */
export function selectNodes<T extends ts.Node>(
  file: TidyFile,
  select: (node: ts.Node) => node is T,
): T[] {
  const found: T[] = [];
  walk(parse(file), (node) => {
    if (select(node)) found.push(node);
  });
  return found;
}

/** The first line of a node, counted from 1, without the comments before it. */
export function startLine(node: ts.Node): number {
  const source = node.getSourceFile();
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** The last line of a node, counted from 1. */
export function endLine(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getEnd()).line + 1;
}

/** An import, re-export, import type or dynamic import of a literal name. */
export interface ImportUse {
  readonly specifier: string;
  readonly line: number;
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  }
  const isDynamic =
    ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isDynamic ? node.arguments[0] : undefined;
}

/** Everything a file imports, type-only imports included. */
export function listImports(file: TidyFile): ImportUse[] {
  const uses: ImportUse[] = [];
  walk(parse(file), (node) => {
    const specifier = specifierOf(node);
    if (specifier && ts.isStringLiteralLike(specifier)) {
      uses.push({ specifier: specifier.text, line: startLine(node) });
    }
  });
  return uses;
}
