/** @file Every theme gets its picture, in out/screenshots, for people to look at. */
import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { OUT } from "../../support/paths.js";
import { hostVersion } from "../host/versions.js";
import { THEMES, takePicture } from "./looks.js";

describe("the window with an example and its graph", () => {
  const version = hostVersion();
  for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
    it(`can be looked at in ${theme}`, async () => {
      const file = join(OUT, "screenshots", `${version.name}-${theme}.png`);
      await takePicture(
        version,
        { theme, example: "linear-regression.ts", press: "Run and show graph", select: /^loss/ },
        file,
      );
      assert.ok((await stat(file)).size > 20_000);
    });
  }
});
