/** @file `gradwalk check`: the program runs, and every leaf's gradient is compared with finite differences. */
import { Launcher } from "../launcher/launcher.js";
import type { RunEnd } from "../launcher/types.js";
import type { GradientCheck } from "../protocol/checks.js";
import { Session } from "../session/session.js";
import type { CheckCall } from "./arguments.js";
import { checkProgram, shown } from "./files.js";
import { runnerPath } from "./runner.js";
import { interruptible, passThrough, record } from "./running.js";
import { plural, short } from "./words.js";

const DISAGREES = 1;

/** @returns the exit status */
export async function check(call: CheckCall): Promise<number> {
  const program = checkProgram(call.file);
  const launcher = new Launcher({ runner: runnerPath() });
  // Whatever ends this process, the program's goes first.
  process.on("exit", () => launcher.dispose());
  const session = new Session({ file: program });
  const running = launcher.launch({
    program,
    cwd: process.cwd(),
    args: call.args,
    timeout: call.timeout,
    stdin: "inherit",
    check: true,
  });
  const streams = passThrough(running);
  record(running, session);
  interruptible(running);
  const end = await running.ended;
  launcher.dispose();
  if (streams.midLine()) process.stdout.write("\n");
  process.stdout.write(report(session, end));
  const wrong = session.checks().some(({ verdict }) => verdict === "disagrees");
  return end.exit === 0 && wrong ? DISAGREES : end.exit;
}

function report(session: Session, end: RunEnd): string {
  const checks = session.checks();
  const lines = ["", `gradwalk check: ${shown(session.outline().program.file)} · ${counted(checks)}`];
  for (const pass of new Set(checks.map((each) => each.pass))) {
    const rows = checks.filter((each) => each.pass === pass);
    const source = rows[0]?.source ?? null;
    const place = source === null ? "" : ` · ${shown(source.file)}:${source.line}`;
    lines.push(`pass ${pass + 1}${place}`, ...rows.map((row) => `  ${line(row)}`));
  }
  for (const { code, file, line: at, column, message } of session.problems()) {
    if (code === "gradient-mismatch") lines.push(`error: ${shown(file)}:${at}:${column} ${message}`);
  }
  const passes = session.outline().passes.filter(({ call }) => call !== "live").length;
  const left = passes - new Set(checks.map(({ pass }) => pass)).size;
  if (left > 0) lines.push(`${plural(left, "later pass", "later passes")} of the same calls not checked`);
  if (checks.length === 0) lines.push("The program walked no graph back, so there was nothing to compare.");
  if (end.reason === "timeout") lines.push("Stopped by --timeout; what came before is above.");
  return `${lines.join("\n")}\n`;
}

function counted(checks: readonly GradientCheck[]): string {
  const count = (...verdicts: GradientCheck["verdict"][]) =>
    checks.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const parts = [`${plural(checks.length, "gradient", "gradients")} compared with finite differences`];
  const wrong = count("disagrees");
  const unchecked = count("unchecked");
  parts.push(wrong === 0 ? "none is wrong" : `${wrong} wrong`);
  if (unchecked > 0) parts.push(`${unchecked} could not be compared`);
  return parts.join(" · ");
}

const MARKS: Readonly<Record<GradientCheck["verdict"], string>> = {
  agrees: "✓",
  rounding: "✓",
  disagrees: "✗",
  unchecked: "–",
};

/** One leaf: `✓ w [3] line 4 · 3 of 3 elements, within 2e-8`. */
function line(check: GradientCheck): string {
  const { leaf, place, shape, verdict, difference, reason, analytic, numeric } = check;
  const at = place === null ? "" : ` line ${place.line}`;
  const who = `${MARKS[verdict]} ${leaf ?? "a leaf"} [${shape.join(", ")}]${at}`;
  if (verdict === "unchecked") return `${who} · not compared: ${reason}`;
  const how = `${extent(check)}, within ${difference.toExponential(0)}`;
  if (verdict === "agrees") return `${who} · ${how}`;
  const values = `${short(analytic ?? Number.NaN)} where ${short(numeric ?? Number.NaN)} is measured`;
  if (verdict === "rounding") return `${who} · ${values}: float32 rounding, each operation agrees by itself`;
  return `${who} · ${values}: ${reason}`;
}

/** What was moved: all elements one by one, or of a large leaf some, and random directions. */
function extent({ shape, elements, directions, kinks }: GradientCheck): string {
  const all = shape.reduce((product, size) => product * size, 1);
  const some = `${elements} of ${plural(all, "element", "elements")}`;
  const along = directions > 0 ? ` and ${directions} random directions` : "";
  return `${some}${along}${kinks > 0 ? ` (${kinks} at a kink, left out)` : ""}`;
}
