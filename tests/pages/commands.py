#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""commands.py SOURCE TOOL BUILD - run each command line in the examples of the pages of the tool.

A line after a prompt ("$ " or "# ") is a command; what follows, up to the next prompt, is what it
prints. Times and counters may differ. A command without output in the page may print anything, but
has to end with 0. inside.sh starts this script in the network that the pages assume.
"""
import os
import re
import subprocess
import sys
import time

# Where a command waits for something to happen, this happens. %s: the tool.
EVENTS = {
    "arpq-watch": "ip neigh replace 192.0.2.7 lladdr 00:80:77:12:34:56 dev eth0 nud reachable;"
                  "sleep 0.2;"
                  "ip neigh replace 192.0.2.7 lladdr 02:00:00:00:00:07 dev eth0 nud reachable",
    "arpq-sniff": "%s resolve 192.0.2.20",
}
WAITS = re.compile(r"arpq (watch|sniff)\b.* --count")
NEEDS = ("jq",)
RESET = """ip neigh flush all nud all
ip neigh flush proxy
ip neigh replace 192.0.2.1 lladdr 00:00:5e:00:53:01 dev eth0 nud reachable
ip neigh replace 192.0.2.7 lladdr 00:80:77:12:34:56 dev eth0 nud stale
ip neigh replace 192.0.2.9 lladdr 02:00:00:00:00:09 dev eth0 nud permanent"""
OUI = """Registry,Assignment,Organization Name,Organization Address
MA-L,00005E,"ICANN, IANA Department",
MA-L,008077,"Brother industries, LTD.",
"""
HOSTS = """127.0.0.1 localhost
192.0.2.1 gateway.example
192.0.2.7 printer.example
192.0.2.10 me.example
192.0.2.20 alice.example
"""


def read_examples(path):
    """Return pairs of a command and what it prints."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    section = re.search(r"^\.Sh EXAMPLES\n(.*?)(?=^\.Sh|\Z)", text, re.M | re.S)
    if not section:
        sys.exit(f"{path}: no EXAMPLES")
    pairs = []
    for display in re.findall(r"^\.Bd -literal\n(.*?)^\.Ed", section.group(1), re.M | re.S):
        for line in display.replace("\\e", "\\").replace("\\-", "-").splitlines():
            if line[:2] in ("$ ", "# "):
                pairs.append((line[2:], []))
            else:
                pairs[-1][1].append(line)
    return pairs


def normal(lines):
    """Leave out what differs from run to run."""
    text = "\n".join(lines)
    text = re.sub(r"longer than \d+ ms", "longer than N ms", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+", "TIME", text)
    text = re.sub(r"(?<![\d.])\d+\.\d+(?![\d.])", "N.N", text)
    text = re.sub(r"\b(ref|probes|bytes|packets|multicast|up|down|changes) \d+", r"\1 N", text)
    text = re.sub(r"\b\d+ (packets|frames)\b", r"N \1", text)
    text = re.sub(r"^\d+: |(?<=parent )\d+|(?<=libarpq )[\d.]+|(?<=arpq )[\d.]+(?= \()", "N", text,
                  flags=re.M)
    return re.sub(" +", " ", text)


def await_loop(process):
    """Wait until the tool has blocked SIGINT and SIGTERM: then it waits for events."""
    for _ in range(250):
        with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
            mask = int(re.search(r"^SigBlk:\s*(\w+)", file.read(), re.M).group(1), 16)
        if mask & 0x4002 == 0x4002:
            break
        time.sleep(0.02)
    time.sleep(0.3)


def run(page, command, tool):
    waits = WAITS.search(command)
    process = subprocess.Popen(["sh", "-c", ("exec " if waits else "") + command],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if waits:
        await_loop(process)
        event = EVENTS[page].replace("%s", tool)
        subprocess.run(["sh", "-c", event], check=True, stdout=subprocess.DEVNULL)
    try:
        output = process.communicate(timeout=30)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        output = process.communicate()[0] + "\n(killed after 30 s)"
    return process.returncode, output.splitlines()


def check(page, pairs, tool):
    failures = 0
    subprocess.run(["sh", "-c", RESET], check=True)
    for command, printed in pairs:
        status, output = run(page, command, tool)
        if printed and normal(printed) != normal(output) or not printed and status != 0:
            failures += 1
            print(f"FAILED: {page}: {command}: exit status {status}")
            print("\n".join("  page: " + line for line in printed))
            print("\n".join("  tool: " + line for line in output))
    return failures


def prepare(tool, build):
    """Give the commands the tool, manufacturers and host names of the examples."""
    os.makedirs(build + "/bin", exist_ok=True)
    link = build + "/bin/arpq"
    if os.path.lexists(link):
        os.unlink(link)
    os.symlink(tool, link)
    for name, text in (("oui.csv", OUI), ("mam.csv", OUI[:OUI.index("\n") + 1]),
                       ("oui36.csv", OUI[:OUI.index("\n") + 1]), ("hosts", HOSTS),
                       ("nsswitch.conf", "hosts: files\n")):
        with open(f"{build}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    for name in ("hosts", "nsswitch.conf"):
        subprocess.run(["mount", "--bind", f"{build}/{name}", "/etc/" + name], check=True)
    os.environ.update(PATH=f"{build}/bin:{os.environ['PATH']}", ARPQ_IEEE_DATA=build, LC_ALL="C",
                      TZ="UTC")


def main():
    source, tool, build = sys.argv[1:]
    for program in NEEDS:
        if subprocess.run(["sh", "-c", f"command -v {program}"], stdout=subprocess.DEVNULL,
                          check=False).returncode != 0:
            print(f"NOT RUN: {program} is not installed")
            sys.exit(77)
    for path in ("/etc/hosts", "/etc/nsswitch.conf"):
        if not os.path.exists(path):
            print(f"NOT RUN: {path} is not there, so that no other can be mounted over it")
            sys.exit(77)
    prepare(tool, build)
    count = failures = 0
    for name in sorted(os.listdir(source + "/man")):
        if re.fullmatch(r"arpq.*\.1", name):
            pairs = read_examples(f"{source}/man/{name}")
            count += len(pairs)
            failures += check(name[:-2], pairs, tool)
    print(f"{count - failures} commands of the examples passed, {failures} failed")
    sys.exit(1 if failures or count == 0 else 0)


main()
