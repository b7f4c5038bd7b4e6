#!/usr/bin/env bash
# Runs on 1, 2 and 4 processes give the same bits as one process; a run that was killed goes on from its checkpoint; ten
# processes without MPI, two of which are killed, give the same bits too.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v mpirun >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq libopenmpi-dev openmpi-bin clang libclang-dev >/dev/null
fi
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
cargo test --locked --release --quiet -p reparam-distributed
cargo build --locked --release --quiet -p reparam-distributed --features mpi
ranks=$PWD/target/release/ranks
blocks=$PWD/target/release/blocks
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
on() { mpirun --oversubscribe -n "$1" "$ranks" "${@:2}"; }

for job in "gradient" "quasi" "fit --samples 2048 --steps 100"; do
    for n in 1 2 4; do
        # shellcheck disable=SC2086 # the job's options are words
        on "$n" $job >"$work/$n.txt"
    done
    cmp "$work/1.txt" "$work/2.txt"
    cmp "$work/1.txt" "$work/4.txt"
    echo "-- $job: the same bits on 1, 2 and 4 processes"
    tail -1 "$work/1.txt"
done

# a process that panics ends the run with its message, and what the others computed is kept
if on 4 panic --checkpoint "$work/panic.json" 2>"$work/panic.txt"; then
    echo "a panic went unnoticed" >&2
    exit 1
fi
grep -q "the program's own panic" "$work/panic.txt"
[ -s "$work/panic.json" ]

# killed in the middle, a run goes on: with another number of processes, and to the same bits
long=(gradient --samples 300000)
on 2 "${long[@]}" >"$work/whole.txt"
on 4 "${long[@]}" --checkpoint "$work/run.json" --every 50 >"$work/killed.txt" 2>&1 &
run=$!
for _ in $(seq 600); do
    [ -s "$work/run.json" ] && break
    sleep 0.1
done
pkill -9 -n -x ranks || true
wait "$run" && { echo "the run was over before it was killed" >&2; exit 1; }
on 3 "${long[@]}" --checkpoint "$work/run.json" >"$work/resumed.txt"
cmp "$work/whole.txt" "$work/resumed.txt"
echo "-- killed and resumed: the same bits"
# another seed, another program: refused
if on 2 "${long[@]}" --seed 2 --checkpoint "$work/run.json" 2>"$work/refused.txt"; then exit 1; fi
grep -q "different seeds" "$work/refused.txt"
if on 2 quasi --checkpoint "$work/run.json" 2>"$work/refused.txt"; then exit 1; fi
grep -q "expected \"call option" "$work/refused.txt"

# without MPI: ten processes, two of them killed at once and run again
"$blocks" count >"$work/count.txt"
count=$(cat "$work/count.txt")
some() { "$blocks" run --blocks "$((count * $1 / 10))..$((count * ($1 + 1) / 10))" --out "$work/part-$1.json"; }
for i in $(seq 0 9); do
    some "$i" &
    pids[i]=$!
done
kill -9 "${pids[3]}" "${pids[7]}" 2>/dev/null || true
for i in $(seq 0 9); do
    wait "${pids[i]}" || some "$i"
done
"$blocks" merge "$work"/part-*.json >"$work/merged.txt"
on 1 gradient >"$work/one.txt"
head -3 "$work/one.txt" | cmp - "$work/merged.txt"
echo "-- ten processes without MPI, two of them killed: the same bits"
