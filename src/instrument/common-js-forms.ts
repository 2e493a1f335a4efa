/**
 * @file `import x = require("y")` and `export = x` in a file that becomes an ES module.
 *
 * TypeScript drops the first and refuses the second; what people mean by them is what Node makes of a CommonJS
 * module that is imported: its `module.exports` as the default.
 */

import ts from "typescript";

export const commonJsForms: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  if (!file.statements.some((each) => requiredModule(each) !== null || isExportEquals(each))) return file;
  const { factory: f } = context;
  const statements = file.statements.flatMap((each) => {
    const specifier = requiredModule(each);
    if (specifier !== null) {
      if (!isUsed(context, each)) return [];
      const clause = f.createImportClause(undefined, (each as ts.ImportEqualsDeclaration).name, undefined);
      return ts.setTextRange(f.createImportDeclaration(undefined, clause, specifier), each);
    }
    if (!isExportEquals(each)) return each;
    return ts.setTextRange(f.createExportDefault((each as ts.ExportAssignment).expression), each);
  });
  return f.updateSourceFile(file, ts.setTextRange(f.createNodeArray(statements), file.statements));
};

function requiredModule(node: ts.Statement): ts.Expression | null {
  if (!ts.isImportEqualsDeclaration(node) || node.isTypeOnly) return null;
  return ts.isExternalModuleReference(node.moduleReference) ? node.moduleReference.expression : null;
}

/** As TypeScript leaves out imports that are used for types only; it won't do so for a declaration of ours. */
function isUsed(context: ts.TransformationContext, node: ts.Node): boolean {
  const inner = context as {
    getEmitResolver?: () => { isReferencedAliasDeclaration(node: ts.Node): boolean };
  };
  return inner.getEmitResolver?.().isReferencedAliasDeclaration(node) ?? true;
}

function isExportEquals(node: ts.Statement): boolean {
  return ts.isExportAssignment(node) && node.isExportEquals === true;
}
