/** @file The name of a moment in a run: which iteration of a loop, or which pass, a readout is of. */
import type { Session } from "../session/session.js";
import { t } from "./words.js";

/** `iteration 12 of 30`, counted from one as people do; `pass 2 of 3` outside of loops. */
export function momentOf(session: Session, index: number): string {
  const { passes } = session.outline();
  const pass = passes.find((each) => each.index === index);
  if (pass?.iteration == null) return t("pass {0} of {1}", index + 1, passes.length);
  const iterations = passes
    .filter((each) => each.loopLine === pass.loopLine && each.source?.file === pass.source?.file)
    .map((each) => each.iteration ?? 0);
  const last = iterations.reduce((most, each) => Math.max(most, each), 0);
  return t("iteration {0} of {1}", pass.iteration + 1, last + 1);
}
