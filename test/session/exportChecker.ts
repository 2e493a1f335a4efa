/**
 * @file Checks a `gradwalk-trace` document against CONTRACTS section 2 by itself, without the product's own
 * guard: every field, its type, ids, references, order and the numbers that JSON lacks.
 */
import assert from "node:assert/strict";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Fields = { readonly [key: string]: Json };

const DTYPES = ["float32", "float64", "int64", "int32", "uint8", "bool"];
const REASONS = [
  "no_requires_grad",
  "non_leaf",
  "no_backward_yet",
  "not_reached",
  "detached",
  "no_grad_mode",
  "integer",
];

export function checkExport(document: unknown): void {
  // Through text: what counts is what a reader of the file gets.
  const root = fieldsOf(JSON.parse(JSON.stringify(document)), "document");
  assert.equal(root.format, "gradwalk-trace");
  assert.equal(root.version, 1);
  checkProgram(fieldsOf(root.program, "program"));
  const graphs = listOf(root.graphs, "graphs").map(checkGraph);
  listOf(root.backwards, "backwards").forEach((b, i) => {
    checkBackward(fieldsOf(b, `backwards[${i}]`), graphs, `backwards[${i}]`);
  });
  listOf(root.bindings, "bindings").forEach((b, i) => {
    checkBinding(fieldsOf(b, `bindings[${i}]`), graphs, `bindings[${i}]`);
  });
  listOf(root.problems, "problems").forEach((p, i) => {
    checkProblem(fieldsOf(p, `problems[${i}]`), `problems[${i}]`);
  });
}

function checkProgram(program: Fields): void {
  text(program.file, "program.file");
  if (program.exit !== null) integer(program.exit, "program.exit");
  if (program.error === null) return;
  const error = fieldsOf(program.error, "program.error");
  text(error.name, "error.name");
  text(error.message, "error.message");
  if (error.line !== null) ordinal(error.line, "error.line");
  if (error.column !== null) ordinal(error.column, "error.column");
}

function checkGraph(value: Json, g: number): ReadonlySet<number> {
  const at = `graphs[${g}]`;
  const graph = fieldsOf(value, at);
  const ids = new Set<number>();
  listOf(graph.nodes, `${at}.nodes`).forEach((node, n) => {
    const id = checkNode(fieldsOf(node, `${at}.nodes[${n}]`), `${at}.nodes[${n}]`);
    assert.ok(!ids.has(id), `${at} has node ${id} twice`);
    ids.add(id);
  });
  listOf(graph.edges, `${at}.edges`).forEach((edge, e) => {
    const { from, to, input_nr } = fieldsOf(edge, `${at}.edges[${e}]`);
    assert.ok(ids.has(from as number) && ids.has(to as number), `${at}.edges[${e}] leads to no node`);
    count(input_nr, `${at}.edges[${e}].input_nr`);
  });
  return ids;
}

function checkNode(node: Fields, at: string): number {
  count(node.id, `${at}.id`);
  oneOf(node.kind, ["function", "accumulate", "constant"], `${at}.kind`);
  if (node.kind === "constant") assert.equal(node.name, null, `${at}.name`);
  else text(node.name, `${at}.name`);
  if (node.kind === "accumulate") assert.equal(node.name, "AccumulateGrad", `${at}.name`);
  if (node.label !== null) text(node.label, `${at}.label`);
  flag(node.is_leaf, `${at}.is_leaf`);
  flag(node.requires_grad, `${at}.requires_grad`);
  flag(node.retains_grad, `${at}.retains_grad`);
  assert.equal(node.is_leaf, node.kind !== "function", `${at}: a leaf is what no function made`);
  const size = checkShape(node, at);
  if (node.value !== null) checkValue(fieldsOf(node.value, `${at}.value`), size, `${at}.value`);
  if (node.grad !== null) checkGrad(fieldsOf(node.grad, `${at}.grad`), size, `${at}.grad`);
  if (node.source !== null) checkSource(node.source, `${at}.source`);
  listOf(node.scope, `${at}.scope`).forEach((scope, s) => {
    checkScope(fieldsOf(scope, `${at}.scope[${s}]`), `${at}.scope[${s}]`);
  });
  return node.id as number;
}

function checkScope(scope: Fields, at: string): void {
  oneOf(scope.kind, ["loop", "function", "module"], `${at}.kind`);
  text(scope.name, `${at}.name`);
  ordinal(scope.line, `${at}.line`);
  if (scope.kind === "loop") count(scope.iteration, `${at}.iteration`);
  else count(scope.call, `${at}.call`);
}

function checkBackward(backward: Fields, graphs: readonly ReadonlySet<number>[], at: string): void {
  count(backward.graph, `${at}.graph`);
  const ids = graphs[backward.graph as number];
  assert.ok(ids, `${at}.graph is no graph`);
  for (const id of listOf(backward.roots, `${at}.roots`)) assert.ok(ids.has(id as number), `${at}.roots`);
  if (backward.source !== null) checkSource(backward.source, `${at}.source`);
  flag(backward.retain_graph, `${at}.retain_graph`);
  flag(backward.create_graph, `${at}.create_graph`);
  listOf(backward.steps, `${at}.steps`).forEach((entry, s) => {
    const where = `${at}.steps[${s}]`;
    const step = fieldsOf(entry, where);
    assert.ok(ids.has(step.node as number), `${where}.node`);
    for (const key of ["grad_in", "grad_out"]) {
      listOf(step[key], `${where}.${key}`).forEach((grad, i) => {
        if (grad !== null) checkTensor(grad, `${where}.${key}[${i}]`);
      });
    }
    if (step.accumulated === null) return;
    const { before, after } = fieldsOf(step.accumulated, `${where}.accumulated`);
    if (before !== null) checkTensor(before, `${where}.accumulated.before`);
    checkTensor(after, `${where}.accumulated.after`);
  });
}

function checkBinding(binding: Fields, graphs: readonly ReadonlySet<number>[], at: string): void {
  text(binding.name, `${at}.name`);
  ordinal(binding.line, `${at}.line`);
  ordinal(binding.column, `${at}.column`);
  count(binding.times, `${at}.times`);
  assert.equal(binding.node === null, binding.graph === null, `${at}: node and graph come together`);
  if (binding.graph !== null) {
    assert.ok(graphs[binding.graph as number]?.has(binding.node as number), `${at}.node`);
  }
  flag(binding.is_leaf, `${at}.is_leaf`);
  flag(binding.requires_grad, `${at}.requires_grad`);
  const size = checkShape(binding, at);
  checkValue(fieldsOf(binding.value, `${at}.value`), size, `${at}.value`);
  if (binding.grad === null) oneOf(binding.why_no_grad, REASONS, `${at}.why_no_grad`);
  else {
    assert.equal(binding.why_no_grad, null, `${at}.why_no_grad`);
    checkGrad(fieldsOf(binding.grad, `${at}.grad`), size, `${at}.grad`);
  }
}

function checkProblem(problem: Fields, at: string): void {
  oneOf(problem.severity, ["error", "warning", "information", "hint"], `${at}.severity`);
  text(problem.code, `${at}.code`);
  text(problem.message, `${at}.message`);
  ordinal(problem.line, `${at}.line`);
  ordinal(problem.column, `${at}.column`);
  listOf(problem.related, `${at}.related`).forEach((entry, r) => {
    const related = fieldsOf(entry, `${at}.related[${r}]`);
    ordinal(related.line, `${at}.related[${r}].line`);
    ordinal(related.column, `${at}.related[${r}].column`);
    text(related.message, `${at}.related[${r}].message`);
  });
}

function checkTensor(value: Json | undefined, at: string): void {
  const tensor = fieldsOf(value, at);
  checkValue(tensor, checkShape(tensor, at), at);
}

function checkGrad(grad: Fields, size: number, at: string): void {
  checkValue(grad, size, at);
  count(grad.updates, `${at}.updates`);
}

/** @returns how many elements there are */
function checkShape(thing: Fields, at: string): number {
  oneOf(thing.dtype, DTYPES, `${at}.dtype`);
  return listOf(thing.shape, `${at}.shape`).reduce<number>((product, size, i) => {
    count(size, `${at}.shape[${i}]`);
    return product * (size as number);
  }, 1);
}

function checkValue(value: Fields, size: number, at: string): void {
  const data = listOf(value.data, `${at}.data`);
  assert.equal(data.length, Math.min(size, 1000), `${at}.data's length`);
  assert.equal(value.truncated, size > 1000, `${at}.truncated`);
  let nan = 0;
  let inf = 0;
  for (const element of data) {
    if (element === "NaN") nan++;
    else if (element === "Infinity" || element === "-Infinity") inf++;
    else assert.equal(typeof element, "number", `${at}.data holds ${JSON.stringify(element)}`);
  }
  for (const key of ["min", "max", "mean"]) {
    if (value[key] !== null) assert.equal(typeof value[key], "number", `${at}.${key}`);
    else assert.ok(size === 0 || value.truncated || nan + inf === size, `${at}.${key} is missing`);
  }
  count(value.nan, `${at}.nan`);
  count(value.inf, `${at}.inf`);
  if (!value.truncated) assert.deepEqual([value.nan, value.inf], [nan, inf], `${at}: counts of nan and inf`);
}

function checkSource(value: Json | undefined, at: string): void {
  const source = fieldsOf(value, at);
  text(source.file, `${at}.file`);
  ordinal(source.line, `${at}.line`);
  ordinal(source.column, `${at}.column`);
}

function fieldsOf(value: Json | undefined, at: string): Fields {
  assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), `${at} is not an object`);
  return value as Fields;
}

function listOf(value: Json | undefined, at: string): readonly Json[] {
  assert.ok(Array.isArray(value), `${at} is not a list`);
  return value;
}

function text(value: Json | undefined, at: string): void {
  assert.equal(typeof value, "string", `${at} is not a text`);
}

function flag(value: Json | undefined, at: string): void {
  assert.equal(typeof value, "boolean", `${at} is not true or false`);
}

function integer(value: Json | undefined, at: string): void {
  assert.ok(Number.isSafeInteger(value), `${at} is not a whole number`);
}

function count(value: Json | undefined, at: string): void {
  assert.ok(Number.isSafeInteger(value) && (value as number) >= 0, `${at} is not a count`);
}

function ordinal(value: Json | undefined, at: string): void {
  assert.ok(Number.isSafeInteger(value) && (value as number) >= 1, `${at} is not a line or column`);
}

function oneOf(value: Json | undefined, choices: readonly string[], at: string): void {
  assert.ok(choices.includes(value as string), `${at} is ${JSON.stringify(value)}`);
}
