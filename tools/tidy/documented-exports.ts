import ts from 'typescript';

import { isTest, isTypeScript, type Rule } from './rule.ts';
import { parse, startLine } from './syntax.ts';

function hasSentence(node: ts.Node): boolean {
  return ts.getJSDocCommentsAndTags(node).some((doc) => {
    if (!ts.isJSDoc(doc)) return false;
    const text = ts.getTextOfJSDocComment(doc.comment) ?? '';
    return /\w/.test(text) || (doc.tags?.length ?? 0) > 0;
  });
}

/** Names that a statement declares. */
function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((d) => d.name.getText());
  }
  const name = (statement as { name?: ts.Node }).name;
  return name ? [name.getText()] : [];
}

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  const modifiers = ts.getModifiers(statement) ?? [];
  return modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
}

/** Names in `export { a, b }` without `from`. */
function listedExports(source: ts.SourceFile): string[] {
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier) return [];
    const clause = statement.exportClause;
    if (!clause || !ts.isNamedExports(clause)) return [];
    return clause.elements.map((element) => (element.propertyName ?? element.name).getText());
  });
}

/**
 * Every export is explained. A schema and the type inferred from it, or the overloads of a
 * function, share one name and one explanation.
 */
export const documentedExports: Rule = {
  name: 'every export has a sentence of TSDoc',
  check: (file) => {
    const isSource = isTypeScript(file.path) && !file.path.endsWith('.config.ts');
    if (!isSource || isTest(file.path)) return [];
    const source = parse(file);
    const listed = listedExports(source);
    const explained = new Set<string>();
    const exported = new Map<string, number>();
    for (const statement of source.statements) {
      for (const name of declaredNames(statement)) {
        if (hasSentence(statement)) explained.add(name);
        const isPublic = isExported(statement) || listed.includes(name);
        if (isPublic && !exported.has(name)) exported.set(name, startLine(statement));
      }
    }
    return [...exported]
      .filter(([name]) => !explained.has(name))
      .map(([name, line]) => ({ line, message: `${name} has no comment /** ... */` }));
  },
};
