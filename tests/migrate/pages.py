# SPDX-License-Identifier: MIT
"""pages.py LANGUAGE SOURCE LIBRARY TOOL BUILD - check the code of one language in docs/migrate.

A fenced block that begins with "```c after" is compiled and run, and must print the "```text" block
that follows it. "```c before pkg=NAME" is compiled, if pkg-config has NAME, and run too if a
"```text" block follows. The same for sh and python (of which "before" must parse, and run if a text
follows and the modules in needs=NAME,... are there). migrate.sh makes the network.
"""
import ast
import os
import re
import shlex
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\w+)(?: (before|after))?(.*)$")


class Block:
    """A block of code, and the text that it must print, or None."""

    def __init__(self, page, line, language, kind, options):
        self.where = "%s:%d" % (page, line)
        self.language, self.kind = language, kind
        self.options = dict(word.split("=", 1) for word in options.split())
        self.code, self.output = [], None


def read_blocks(path):
    """Return the blocks of a page."""
    blocks, current, text = [], None, None
    with open(path, encoding="utf-8") as page:
        for number, line in enumerate(page.read().split("\n"), 1):
            fence = FENCE.match(line)
            if line == "```":
                current = text = None
            elif fence and fence.group(1) == "text":
                text = []
                if blocks and blocks[-1].output is None:
                    blocks[-1].output = text
            elif fence and fence.group(2):
                current = Block(os.path.basename(path), number, *fence.groups())
                blocks.append(current)
            elif text is not None:
                text.append(line)
            elif current is not None:
                current.code.append(line)
    return blocks


class Runner:
    """Compiles and runs blocks."""

    def __init__(self, source, library, tool, build):
        self.source, self.library, self.tool = source, library, tool
        self.directory = tempfile.TemporaryDirectory(prefix="migrate-")
        self.work = self.directory.name
        self.env = dict(
            os.environ, LC_ALL="C", PATH=os.path.dirname(tool) + ":" + os.environ["PATH"],
            LD_LIBRARY_PATH=os.path.dirname(library), PYTHONPATH=os.path.join(build, "python/lib"))

    def run(self, command):
        """Return the status and what the command prints, errors after the output."""
        done = subprocess.run(command, env=self.env, cwd=self.work, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                              check=False, encoding="utf-8", errors="replace")
        return done.returncode, done.stdout + done.stderr

    def prepare(self, block):
        """Return the command that runs the block, or a string: why it cannot be checked."""
        path = os.path.join(self.work, "block." + block.language)
        with open(path, "w", encoding="ascii") as file:
            file.write("\n".join(block.code) + "\n")
        if block.language == "c":
            return self.compile(block, path)
        if block.language == "sh":
            self.must(["sh", "-n", path])
            missing = [name for name in self.needs(block) if not self.finds(name)]
            return "no %s" % missing[0] if missing else ["sh", path]
        ast.parse("\n".join(block.code))
        missing = [name for name in self.needs(block)
                   if self.run([sys.executable, "-c", "import " + name])[0] != 0]
        return "no module %s" % missing[0] if missing else [sys.executable, "-W", "error", path]

    def needs(self, block):
        return block.options.get("needs", "").split(",") if "needs" in block.options else []

    def finds(self, name):
        return any(os.access(os.path.join(place, name), os.X_OK)
                   for place in self.env["PATH"].split(":"))

    def compile(self, block, path):
        flags = ["-I" + os.path.join(self.source, "include"), self.library]
        if block.kind == "before":
            flags = []
            package = block.options.get("pkg")
            if package:
                if subprocess.run(["pkg-config", "--exists", package], check=False).returncode:
                    return "no " + package
                flags = shlex.split(subprocess.check_output(
                    ["pkg-config", "--cflags", "--libs", package], encoding="utf-8"))
            header = block.options.get("header")
            if header and self.run(["sh", "-c", "echo '#include <%s>' | cc -E -" % header])[0]:
                return "no <%s>" % header
        program = os.path.join(self.work, "block")
        self.must(["cc", "-Wall", "-Wextra", "-Werror", path, "-o", program] + flags +
                  shlex.split(block.options.get("libs", "")))
        return [program]

    def must(self, command):
        status, output = self.run(command)
        if status != 0:
            raise AssertionError("%s:\n%s" % (" ".join(command), output))

    def check(self, block):
        """Check the block; return why it was not checked, or None."""
        command = self.prepare(block)
        if isinstance(command, str):
            if block.kind == "after":
                raise AssertionError(command)
            return command
        if block.output is None:
            assert block.kind == "before", "no text block says what it prints"
            return None
        status, output = self.run(command)
        wanted = "\n".join(block.output) + "\n"
        if output != wanted:
            raise AssertionError("exit status %d, it prints:\n%s" % (status, output))
        return None


def main():
    language, source, library, tool, build = sys.argv[1:]
    pages = os.path.join(source, "docs/migrate")
    runner = Runner(source, library, tool, build)
    counts = {"before": 0, "after": 0}
    failed, unchecked = 0, []
    for name in sorted(os.listdir(pages)):
        blocks = read_blocks(os.path.join(pages, name))
        if name != "README.md" and {block.kind for block in blocks} != {"before", "after"}:
            failed += 1
            print("FAILED: %s has no block before, or none after" % name)
        for block in blocks:
            if block.language != language:
                continue
            try:
                reason = runner.check(block)
                counts[block.kind] += reason is None
                unchecked += ["%s (%s)" % (block.where, reason)] if reason else []
            except (AssertionError, SyntaxError, subprocess.SubprocessError) as failure:
                failed += 1
                print("FAILED: %s: %s" % (block.where, failure))
    print("%s: %d blocks after run, %d before checked, %d failed; not checked: %s"
          % (language, counts["after"], counts["before"], failed, ", ".join(unchecked) or "none"))
    return failed > 0 or counts["after"] == 0


if __name__ == "__main__":
    sys.exit(main())
