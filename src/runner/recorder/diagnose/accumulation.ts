/** @file Gradients that a step adds to those of the step before, though the leaves have moved on since. */
import * as fixes from "../../../instrument/fixes/gradients.js";
import type { Range } from "../../../instrument/sites.js";
import { say } from "../../../protocol/words.js";
import type { Origin } from "../origins.js";
import type { Pass } from "../pass.js";
import { listed, type Reporter } from "./reporter.js";

interface Left {
  readonly name: string | null;
  readonly updatedBy: number;
}

export class Accumulations {
  /** Of the pass in progress. */
  private readonly left = new Map<Pass, Left[]>();

  constructor(private readonly reporter: Reporter) {}

  /** A leaf was changed with its gradient, and accumulates the next one onto the old. */
  add(pass: Pass, { updatedBy }: Origin, name: string | null): void {
    const list = this.left.get(pass);
    if (list === undefined) this.left.set(pass, [{ name, updatedBy }]);
    else list.push({ name, updatedBy });
  }

  /** The pass has ended: all its leaves are known. */
  end(pass: Pass): void {
    const left = this.left.get(pass);
    this.left.delete(pass);
    if (left === undefined) return;
    const { reporter } = this;
    const names = [...new Set(left.map((each) => each.name ?? "a leaf"))];
    const updates = [...new Set(left.map(({ updatedBy }) => updatedBy))];
    const shown = names.length > 4 ? [...names.slice(0, 3), say("{0} more", names.length - 3)] : names;
    const [name = "a leaf"] = names;
    const many = names.length > 1;
    reporter.report(
      {
        code: "accumulated-without-zero",
        message: many
          ? say(
              "The gradients of {0} still held those of the step before, and this backward() added to them. Clear them in each step: {1}.grad.zero_(), {1}.grad = null or optimizer.zero_grad().",
              listed(shown),
              name,
            )
          : say(
              "{0}.grad still held the gradient of the step before, and this backward() added to it. Clear it in each step: {0}.grad.zero_(), {0}.grad = null or optimizer.zero_grad().",
              name,
            ),
        related: updates.flatMap((site) =>
          reporter.related(site, say("{0} was updated here with the gradient left in place", name)),
        ),
        fixes: reporter.fixes(pass.site, (text, range) => {
          const places = updates.flatMap((site): Range[] => {
            const place = reporter.place(site);
            return place === null || place.file !== text.fileName ? [] : [place];
          });
          return fixes.clearGradients(text, range, names, places);
        }),
      },
      reporter.place(pass.site),
    );
  }
}
