import assert from "node:assert/strict";
import { parseCall, type RunCall } from "../../src/cli/arguments.js";
import { UsageError } from "../../src/cli/usage.js";

function run(...words: string[]): RunCall {
  const call = parseCall(["run", ...words]);
  assert.equal(call.command, "run");
  return call as RunCall;
}

function refusal(...words: string[]): string {
  try {
    parseCall(words);
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  assert.fail(`${words.join(" ")} was taken`);
}

describe("a call of the command line", () => {
  it("names a file and nothing else", () => {
    const call = run("fit.ts");
    assert.equal(call.file, "fit.ts");
    assert.equal(call.exports.size, 0);
    assert.equal(call.timeout, 0);
    assert.equal(call.quiet, false);
    assert.deepEqual(call.args, []);
  });

  it("takes options before and after the file, with a space or an equals sign", () => {
    const call = run("--json", "a.json", "fit.ts", "--html=b.html", "--timeout", "2.5", "--quiet");
    assert.deepEqual(
      [...call.exports],
      [
        ["json", "a.json"],
        ["html", "b.html"],
      ],
    );
    assert.equal(call.timeout, 2.5);
    assert.equal(call.quiet, true);
  });

  it("leaves everything after -- to the program", () => {
    const call = run("fit.ts", "--quiet", "--", "--json", "--", "-x", "--help");
    assert.deepEqual(call.args, ["--json", "--", "-x", "--help"]);
    assert.equal(call.exports.size, 0);
  });

  it("takes - as the standard output", () => {
    assert.equal(run("fit.ts", "--json", "-").exports.get("json"), "-");
  });

  it("asks for help or the version", () => {
    for (const words of [["--help"], ["-h"], ["help"], ["run", "--help"], ["run", "fit.ts", "-h"]]) {
      assert.equal(parseCall(words).command, "help");
    }
    assert.equal(parseCall(["--version"]).command, "version");
  });

  it("steps a program", () => {
    assert.deepEqual(parseCall(["step", "a.ts", "--", "-n", "3"]), {
      command: "step",
      file: "a.ts",
      args: ["-n", "3"],
    });
  });

  it("serves the debug adapter, on the streams or on a port", () => {
    assert.deepEqual(parseCall(["dap"]), { command: "dap", port: null });
    assert.deepEqual(parseCall(["dap", "--port", "4711"]), { command: "dap", port: 4711 });
    assert.deepEqual(parseCall(["dap", "--port=0"]), { command: "dap", port: 0 });
  });

  it("opens a trace", () => {
    assert.deepEqual(parseCall(["open", "a.json"]), { command: "open", file: "a.json", html: null });
    assert.deepEqual(parseCall(["open", "a.json", "--html", "-"]), {
      command: "open",
      file: "a.json",
      html: "-",
    });
  });
});

describe("a wrong call is told what is wrong and what would be right", () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /no command.*gradwalk run FILE\.ts/],
    [["rnu", "fit.ts"], /unknown command "rnu".*gradwalk run/],
    [["fit.ts"], /unknown command "fit\.ts".*gradwalk run fit\.ts/],
    [["frobnicate"], /unknown command "frobnicate".*run, step, check, dap, open/],
    [["--quiet", "run"], /--quiet.*after the command/],
    [["run"], /no file given.*gradwalk run FILE\.ts/],
    [["run", "a.ts", "b.ts"], /"b\.ts" is a second.*after --/],
    [["run", "a.ts", "--jsn", "x"], /unknown option --jsn.*did you mean --json/],
    [["run", "a.ts", "--epochs", "3"], /unknown option --epochs.*after --/],
    [["run", "a.ts", "--json"], /--json lacks its value.*--json OUT/],
    [["run", "a.ts", "--json="], /--json lacks its value/],
    [["run", "a.ts", "--json", "--html", "b"], /--json lacks its value/],
    [["run", "a.ts", "--json", "a", "--json", "b"], /--json is given twice/],
    [["run", "a.ts", "--quiet=yes"], /--quiet takes no value/],
    [["run", "a.ts", "--json", "-", "--svg", "-"], /--json - and --svg -.*give one of them a file/],
    [["run", "a.ts", "--timeout", "soon"], /--timeout takes a number.*"soon"/],
    [["run", "a.ts", "--timeout", "0"], /above 0/],
    [["run", "a.ts", "--timeout=-3"], /above 0/],
    [["step"], /no file given.*gradwalk step FILE\.ts/],
    [["step", "a.ts", "--back"], /unknown option --back.*gradwalk step has no options.*after --/],
    [["dap", "a.ts"], /takes no file.*client/],
    [["dap", "--port", "http"], /--port takes a number.*"http"/],
    [["dap", "--port", "65536"], /from 0 to 65535/],
    [["open"], /no file given.*gradwalk open TRACE\.json/],
    [["open", "a.json", "--svg", "x"], /unknown option --svg/],
  ];
  for (const [words, message] of cases) {
    it(`gradwalk ${words.join(" ")}`, () => {
      assert.match(refusal(...words), message);
    });
  }
});
