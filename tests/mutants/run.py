#!/usr/bin/env python3
"""Runs every mutant that cargo-mutants finds in domain and engine, each against the tests beside the sources.

Built one by one they would take hours. So one crate is made that holds them all: in every function a `match` picks
the original or one of its mutants by an environment variable, and the tests run once for each. What cannot be built
that way (constants, functions whose type is not the same for all) is left for cargo-mutants itself, and listed.

    run.py WORK [PATTERN]   WORK is a folder for the crate and the results; PATTERN picks mutants by name
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DEADLINE_SECS = 90
SWITCH = """
/// Which mutant runs.
pub fn mutant() -> usize {
    static ON: std::sync::LazyLock<usize> =
        std::sync::LazyLock::new(|| std::env::var("MUTANT").map_or(0, |n| n.parse().unwrap()));
    *ON
}
"""


def offset(lines, place):
    """The position of cargo-mutants' line and column in the whole text."""
    return sum(len(line) for line in lines[: place["line"] - 1]) + place["column"] - 1


class Mutant:
    def __init__(self, number, found, lines):
        self.number = number
        self.name = found["name"]
        self.file = found["file"]
        self.span = tuple(offset(lines, found["span"][end]) for end in ("start", "end"))
        function = found["function"]
        self.called = function and function["function_name"]
        self.function = function and tuple(
            offset(lines, function["span"][end]) for end in ("start", "end")
        )
        self.replacement = found["replacement"]


def outermost(mutants):
    """The mutants by the function that encloses all others around them."""
    spans = sorted({mutant.function for mutant in mutants}, key=lambda span: (span[0], -span[1]))
    outer = []
    for span in spans:
        if not outer or span[0] >= outer[-1][1]:
            outer.append(span)
    return {
        span: [m for m in mutants if span[0] <= m.function[0] and m.function[1] <= span[1]]
        for span in outer
    }


def woven(text, mutants):
    """The file with all its mutants, and for each the lines where it is."""
    out, at, where = "", 0, {}
    for (start, end), group in sorted(outermost(mutants).items()):
        body = text.index("{", start)
        head = re.sub(r"\bconst fn\b", "fn", text[start:body])
        out += text[at:start] + head + "{ match crate::mutant() {\n"
        for mutant in group:
            changed = (
                text[body : mutant.span[0]] + mutant.replacement + text[mutant.span[1] : end]
            )
            first = out.count("\n") + 1
            out += f"{mutant.number} => {changed}\n"
            where[mutant.number] = (first, out.count("\n"))
        out += f"_ => {text[body:end]}\n}} }}"
        at = end
    return out + text[at:], where


def find():
    listed = subprocess.run(
        ["cargo", "mutants", "--list", "--json", "-f", "src/domain/**", "-f", "src/engine/**"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )
    found = json.loads(listed.stdout)
    files = {one["file"] for one in found}
    lines = {file: (ROOT / file).read_text().splitlines(keepends=True) for file in files}
    return [Mutant(number, one, lines[one["file"]]) for number, one in enumerate(found, 1)]


def cargo(work, *words):
    """The test program that was built, and the lines that do not compile."""
    built = subprocess.run(
        ["cargo", *words, "--lib", "--message-format", "json"],
        cwd=work, capture_output=True, text=True,
    )
    exe, errors = None, []
    for line in built.stdout.splitlines():
        message = json.loads(line)
        if message["reason"] == "compiler-artifact" and message.get("executable"):
            exe = message["executable"]
        if message["reason"] == "compiler-message" and message["message"]["level"] == "error":
            errors += [
                (span["file_name"], span["line_start"], message["message"]["message"])
                for span in message["message"]["spans"]
            ]
    return exe, errors


def weave(work, mutants):
    """Builds the crate, leaving out mutants until it compiles; the program, and what is left out."""
    shutil.copy(HERE / "Cargo.toml.in", work / "Cargo.toml")
    shutil.copy(ROOT / "Cargo.lock", work / "Cargo.lock")
    left_out = [mutant for mutant in mutants if not mutant.function]
    inside = [mutant for mutant in mutants if mutant.function]
    while True:
        shutil.rmtree(work / "src", ignore_errors=True)
        shutil.copytree(ROOT / "src", work / "src")
        with open(work / "src/lib.rs", "a") as lib:
            lib.write(SWITCH)
        where = {}
        for file in {mutant.file for mutant in inside}:
            text, lines = woven(
                (ROOT / file).read_text(), [mutant for mutant in inside if mutant.file == file]
            )
            (work / file).write_text(text)
            where |= {number: (file, *span) for number, span in lines.items()}
        _, errors = cargo(work, "check", "--profile", "test")
        exe, errors = (None, errors) if errors else cargo(work, "test", "--no-run")
        if not errors:
            return exe, left_out
        bad = {
            number
            for number, (file, first, last) in where.items()
            for at, line, _ in errors
            if at == file and first <= line <= last
        }
        # To hold a `match` a function ceases to be constant.
        constant = {name for error in errors for name in re.findall(r"non-const.*::(\w+)`", error[2])}
        bad |= {one.number for one in inside if one.called.split("::")[-1] in constant}
        if not bad:
            sys.exit(f"no mutant is to blame: {errors[:5]}")
        print(f"{len(bad)} do not compile beside their originals", flush=True)
        left_out += [mutant for mutant in inside if mutant.number in bad]
        inside = [mutant for mutant in inside if mutant.number not in bad]


def judge(exe, mutant, work):
    """How the tests end with this mutant: the first that fails is enough."""
    run = subprocess.Popen(
        ["timeout", str(DEADLINE_SECS), exe, "--test-threads", "1"],
        env=os.environ | {"MUTANT": str(mutant.number), "RUST_BACKTRACE": "0"},
        cwd=work, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )
    with run:
        for line in run.stdout:
            if line.startswith("test ") and line.rstrip().endswith("FAILED"):
                run.terminate()
                return "caught"
    return {0: "missed", 124: "timeout"}.get(run.returncode, "caught")


def main():
    work, pattern = pathlib.Path(sys.argv[1]), (sys.argv[2:] or [""])[0]
    work.mkdir(parents=True, exist_ok=True)
    mutants = [mutant for mutant in find() if re.search(pattern, mutant.name)]
    exe, left_out = weave(work, mutants)
    names = {mutant.number for mutant in left_out}
    rest = [mutant for mutant in mutants if mutant.number not in names]
    if judge(exe, type("Original", (), {"number": 0}), work) != "missed":
        sys.exit("the tests fail without any mutant")
    ends = {"caught": [], "missed": [], "timeout": []}
    with ThreadPoolExecutor(int(os.environ.get("JOBS", 2))) as pool:
        for mutant, end in zip(rest, pool.map(lambda one: judge(exe, one, work), rest)):
            ends[end].append(mutant.name)
            if end != "caught":
                print(f"{end}: {mutant.name}", flush=True)
    for end, names in (ends | {"left_out": [one.name for one in left_out]}).items():
        (work / f"{end}.txt").write_text("".join(f"{name}\n" for name in names))
        print(f"{len(names)} {end.replace('_', ' ')}")


main()
