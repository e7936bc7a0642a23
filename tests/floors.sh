#!/bin/bash
# SPDX-License-Identifier: MIT
# floors.sh SOURCE BUILD - check the arrows between the folders of src/ against the table of
# floors in CONTRIBUTING.md. An object file that needs a symbol of another is an arrow. Fails on
# an arrow that does not point to a lower floor (so that no cycle is possible), on a folder
# without a floor, on a header that no source or other header includes, and on code in src/
# itself.
set -euo pipefail
source=$1 objects=$2/src/CMakeFiles/arpq_objs.dir
cd "$source"

# shellcheck disable=SC2016 # the backquotes are those of the table
floors=$(sed -n 's/^| \([1-9]\) | `\([a-z` ]*\)` |.*/\1 \2/p' CONTRIBUTING.md | tr -d '`')
(cd "$objects" && find . -name '*.o' -exec nm -A {} +) | awk -v floors="$floors" '
    BEGIN {
        n = split(floors, line, "\n")
        for (i = 1; i <= n; i++) {
            m = split(line[i], word, " ")
            for (j = 2; j <= m; j++) floor[word[j]] = word[1]
        }
    }
    {
        split($1, part, ":"); file = substr(part[1], 3); folder = file
        sub(/\/.*/, "", folder)
        name = $NF; type = $(NF - 1)
        if (type ~ /^[TDBRCV]$/) home[name] = folder
        else if (type == "U") { needs[++count] = name; by[count] = file; from[count] = folder }
        if (!(folder in floor)) { print folder ": no floor in CONTRIBUTING.md"; bad = 1; floor[folder] = 0 }
    }
    END {
        for (i = 1; i <= count; i++) {
            to = home[needs[i]]
            if (to == "" || to == from[i]) continue
            arrows[from[i] " " to] = 1
            if (floor[from[i]] <= floor[to]) {
                print by[i] " needs " needs[i] " of " to "/: no lower floor"; bad = 1
            }
        }
        for (a in arrows) total++
        for (f in floor) if (floor[f]) folders++
        print folders " folders, " total " arrows between them"
        exit bad
    }'

for header in src/*/*.h; do
    grep -rqF "\"${header#src/}\"" src --include='*.[ch]' ||
        { echo "$header: no file includes it" >&2 && exit 1; }
done
[ -z "$(find src -maxdepth 1 -name '*.[ch]')" ] || { echo "code in src/ itself" >&2 && exit 1; }
