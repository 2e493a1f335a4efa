/** @file Loops: entry, every iteration, and exit. */

import ts from "typescript";
import { assignedNames, bindNames, declarationKind } from "./bindings.js";
import { runsCode } from "./running.js";
import { isForAwait, isLoop } from "./shapes.js";
import type { Walk } from "./walk.js";

type Visit = (node: ts.Node) => ts.VisitResult<ts.Node>;

export function loop(w: Walk, node: ts.IterationStatement): ts.Node {
  const site = loopSite(w, node);
  return entered(w, node, site, loopAlone(w, node, site));
}

/** Labels stay on their loop, which `continue` needs; a labelled block that a loop inside breaks out of sets the scope right. */
export function labeled(w: Walk, node: ts.LabeledStatement): ts.VisitResult<ts.Node> {
  const labels: ts.LabeledStatement[] = [];
  let inner: ts.Statement = node;
  for (; ts.isLabeledStatement(inner); inner = inner.statement) labels.unshift(inner);
  const named = (statement: ts.Statement): ts.Statement =>
    labels.reduce((each, label) => w.f.updateLabeledStatement(label, label.label, each), statement);
  if (isLoop(inner)) {
    const site = loopSite(w, inner);
    return entered(w, inner, site, named(loopAlone(w, inner, site)));
  }
  const updated = w.each(node);
  return containsFramedLoop(inner) ? [updated, w.statement(w.back())] : updated;
}

/** The body of a loop, with what happens at the beginning of an iteration. */
export function loopBody(w: Walk, loop: ts.IterationStatement, visit: Visit): ts.Node {
  const { f } = w;
  const original = loop.statement;
  const block = (nodes: readonly ts.Node[]): ts.Block => f.createBlock(nodes as readonly ts.Statement[]);
  const names = iterationNames(w, loop);
  const visited = ts.visitNode(original, visit, ts.isStatement, block);
  const flat = ts.isBlock(original) && !hides(original, loop);
  const rest = visited === undefined ? [] : flat ? (visited as ts.Block).statements : [visited];
  const statements = [...beginning(w, loop), ...names, ...rest];
  const inner = isForAwait(loop) ? [handingOver(w, statements)] : statements;
  return flat ? f.updateBlock(visited as ts.Block, inner) : f.createBlock(inner, true);
}

/** Whether a declaration of the body has the name of an iteration's variable, which can't be read beside it. */
function hides(body: ts.Block, loop: ts.IterationStatement): boolean {
  if (
    !ts.isForOfStatement(loop) ||
    body.statements.every((each) => !ts.isDeclarationStatement(each) && !ts.isVariableStatement(each))
  ) {
    return false;
  }
  const names = new Set<string>();
  const declared = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    else ts.forEachChild(node, declared);
  };
  declared(loop.initializer);
  return body.statements.some((each) => {
    if (ts.isVariableStatement(each)) {
      return each.declarationList.declarations.some((one) =>
        namesOf(one.name).some((name) => names.has(name)),
      );
    }
    return (
      ts.isDeclarationStatement(each) &&
      each.name !== undefined &&
      ts.isIdentifier(each.name) &&
      names.has(each.name.text)
    );
  });
}

function namesOf(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((each) => (ts.isBindingElement(each) ? namesOf(each.name) : []));
}

function beginning(w: Walk, loop: ts.IterationStatement): ts.Statement[] {
  if (runsCode(loop)) return [w.statement(w.probe(w.mode === "task" ? "iterateIn" : "iterate", w.scope()))];
  const turn = w.f.createPostfixIncrement(w.local("turn"));
  return [w.statement(w.probe("spin", w.id(w.within!), turn))];
}

/** The end of an iteration of `for await`, however it ends, is where the task may be suspended. */
function handingOver(w: Walk, statements: ts.Statement[]): ts.Statement {
  const { f } = w;
  const suspend = f.createBlock([w.statement(w.probe("suspend", w.scope()))]);
  return f.createTryStatement(f.createBlock(statements, true), undefined, suspend);
}

function iterationNames(w: Walk, loop: ts.IterationStatement): ts.Statement[] {
  if (!ts.isForOfStatement(loop)) return [];
  const head = loop.initializer;
  const binds = ts.isVariableDeclarationList(head)
    ? head.declarations.flatMap((each) => bindNames(w, each.name, declarationKind(head)))
    : assignedNames(w, head).map((name) =>
        w.bind(w.bindingSite(name, name.text, "assignment"), w.reading(name)),
      );
  return binds.map((each) => w.statement(each));
}

function loopSite(w: Walk, node: ts.IterationStatement): number {
  const keyword = w.start(node);
  const name = loopName(node);
  const length = name.startsWith("for") ? 3 : name.length;
  const text = w.positions.text(keyword, ts.isDoStatement(node) ? node.end : node.statement.pos);
  return w.site("loop", w.positions.range(keyword, keyword + length), text, name, {
    extent: w.rangeOf(node),
  });
}

function loopName(node: ts.IterationStatement): string {
  if (ts.isForOfStatement(node)) return isForAwait(node) ? "for await" : "for…of";
  if (ts.isForInStatement(node)) return "for…in";
  if (ts.isForStatement(node)) return "for";
  return ts.isDoStatement(node) ? "do" : "while";
}

function loopAlone(w: Walk, node: ts.IterationStatement, site: number): ts.Statement {
  const { within } = w;
  w.within = site;
  // Targets in the head of a for…of must be known before the head is visited.
  if (ts.isForOfStatement(node) && !ts.isVariableDeclarationList(node.initializer))
    assignedNames(w, node.initializer);
  const updated = w.each(node);
  w.within = within;
  return updated;
}

function entered(w: Walk, loop: ts.IterationStatement, site: number, statement: ts.Statement): ts.Node {
  const { f } = w;
  if (!runsCode(loop)) {
    const turn = w.declare("turn", f.createNumericLiteral(0), ts.NodeFlags.Let);
    return f.createBlock([turn, statement], true);
  }
  const inTask = w.mode === "task";
  // A loop in a task hangs on the scope around it, whose name its own would hide: hence the block in between.
  const entry = inTask ? w.probe("loopIn", w.scope(), w.id(site)) : w.probe("loop", w.id(site));
  const statements = [w.declare("scope", inTask ? w.local("outer") : entry)];
  if (isForAwait(loop)) statements.push(w.statement(w.probe("suspend", w.local("scope"))));
  statements.push(statement, w.statement(w.probe(inTask ? "leaveIn" : "leave", w.local("scope"))));
  const block = f.createBlock(statements, true);
  return inTask ? f.createBlock([w.declare("outer", entry), block], true) : block;
}

function containsFramedLoop(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  return (isLoop(node) && runsCode(node)) || (ts.forEachChild(node, containsFramedLoop) ?? false);
}
