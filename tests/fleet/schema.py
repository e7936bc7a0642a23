#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""schema.py SOURCE OUTPUT - the schemas of SOURCE/tools/arpq/schema against the tool.

OUTPUT has a file COMMAND of lines that the tool printed for each command. Every line must be valid;
with a key more, a required key less, or another type of a value it must be refused. The keys in the
sources of the tool must be those of the schemas.
"""
import copy
import glob
import json
import os
import re
import sys

import jsonschema

failed = 0


def fail(message):
    global failed
    failed += 1
    print("FAILED: " + message)


# ---- Keys --------------------------------------------------------------------------

def keys_of_schema(schema):
    if isinstance(schema, list):
        return set().union(*map(keys_of_schema, schema), set())
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", {})).union(*map(keys_of_schema, schema.values()), set())


def keys_of_sources(source):
    """The keys that the tool writes: literals, and words of the tables that it takes keys from."""
    keys = set()
    for path in glob.glob(source + "/tools/arpq/*.c"):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        keys.update(re.findall(r'json_(?!begin|list_)\w+\([^";]*?,\s*"([^"]+)"', text))
        keys.update(re.findall(r'\bjson_begin_lines\("([^"]+)"', text))
        keys.update(re.findall(r'COUNTER\(\w+, \w+, \w+, "(\w+)"\)', text))
        keys.update(re.findall(r'{"(\w+)", "[^"]+", s->', text))  # cmd_stats.c
        keys.update(re.findall(r'{ARPQ_INTERFACE_\w+, "(\w+)"}', text))  # cmd_if.c
        keys.update(re.findall(r'struct failure \w+ = {(?:.key = )?"(\w+)"', text))
        for table in ("neigh_flag_names", "link_address_flag_names"):
            for rows in re.findall(table + r"\[\] = {(.*?)\n};", text, re.S):
                keys.update(re.findall(r'"([^"]+)"', rows))
        for words in re.findall(r'one\(a->ip.family == AF_INET6 \? "(\w+)" : "(\w+)"', text):
            keys.update(words)
        keys.update(re.findall(r'one\("(dynamic)"', text))
        for table in ("frame_flags", "found_flags"):
            for rows in re.findall(table + r"\[\] = {(.*?)};", text, re.S):
                keys.update(w.lower() for w in re.findall(r"ARPQ_[A-Z]+_(\w+)", rows))
    return keys


def compare_keys(source, schemas):
    written = keys_of_sources(source)
    named = set().union(*map(keys_of_schema, schemas.values()))
    for key in sorted(written - named):
        fail(f"the tool writes the key {key}, which is in no schema")
    for key in sorted(named - written):
        fail(f"a schema has the key {key}, which the tool does not write")
    print(f"{len(written)} keys in the sources, {len(named)} in the schemas")


# ---- Lines -------------------------------------------------------------------------

def places(value, path=()):
    """The paths of all objects and values inside value."""
    yield path
    for key in value if isinstance(value, dict) else range(len(value)) \
            if isinstance(value, list) else ():
        yield from places(value[key], path + (key,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def wrong_documents(line):
    """Documents that differ from a valid one in a single place."""
    for path in places(line):
        if isinstance(at(line, path), dict):
            wrong = copy.deepcopy(line)
            at(wrong, path)["zzz"] = 1
            yield f"a key more at {path}", wrong
        if path:
            wrong = copy.deepcopy(line)
            at(wrong, path[:-1])[path[-1]] = {"zzz": 1}
            yield f"an object as {path}", wrong


def check_line(command, validator, line, wrongs):
    error = jsonschema.exceptions.best_match(validator.iter_errors(line))
    if error:
        fail(f"{command}: {json.dumps(line)}: {error.message}")
        return 0
    count = 0
    for what, wrong in wrong_documents(line) if wrongs else ():
        count += 1
        if validator.is_valid(wrong):
            fail(f"{command}: {what} is not refused: {json.dumps(line)}")
    return count


def check_required(command, validator, schema):
    """An object without the required keys is refused."""
    for n, one in enumerate(schema.get("anyOf", [schema])):
        if one.get("required") and validator.is_valid({}):
            fail(f"{command}: an empty object is valid by alternative {n}")


def check_command(command, schema, path):
    validator = jsonschema.Draft202012Validator(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    check_required(command, validator, schema)
    alternatives = [jsonschema.Draft202012Validator({**one, "$defs": schema["$defs"]})
                    for one in schema.get("anyOf", [schema])]
    seen = [0] * len(alternatives)
    lines = wrong = 0
    with open(path, encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            used = [n for n, one in enumerate(alternatives) if one.is_valid(line)]
            # One line of each alternative is enough to test what is refused.
            wrong += check_line(command, validator, line, any(seen[n] == 0 for n in used))
            lines += 1
            for n in used:
                seen[n] += 1
    print(f"{command}: {lines} lines valid, {wrong} wrong documents refused; "
          f"lines by alternative: {seen}")
    if 0 in seen:
        fail(f"{command}: no line of alternative {seen.index(0)} was printed")


def main():
    source, output = sys.argv[1:]
    schemas = {}
    for path in sorted(glob.glob(source + "/tools/arpq/schema/*.json")):
        with open(path, encoding="ascii") as file:
            schemas[os.path.basename(path)[:-5]] = json.load(file)
    compare_keys(source, schemas)
    for command, schema in schemas.items():
        check_command(command, schema, os.path.join(output, command))
    if set(os.listdir(output)) - set(schemas):
        fail(f"no schema of {set(os.listdir(output)) - set(schemas)}")
    print(f"{len(schemas)} schemas, {failed} failures")
    sys.exit(failed != 0)


main()
