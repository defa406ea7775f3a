"""Times scipy.stats.mannwhitneyu on the pairs of a series file.

Reads commands from standard input: `single N` judges N pairs one after the other, `vectorised N` all pairs in one call,
N times; both answer with the seconds of processor time. `check` answers with the first pair's p-value.
"""

import sys
import time

try:
    import numpy
    import scipy
    from scipy.stats import mannwhitneyu
except ImportError as error:
    print(f"mannwhitney.py: left out: {error}", file=sys.stderr)
    sys.exit(0)


def judge(experiment, control, axis=0):
    return mannwhitneyu(
        experiment, control, alternative="two-sided", method="asymptotic", use_continuity=True, axis=axis
    ).pvalue


def main(path):
    with open(path, encoding="ascii") as file:
        series = numpy.array([[float(number) for number in line.split()] for line in file])
    controls, experiments = series[0::2], series[1::2]
    next_pair = 0
    print(f"ready scipy {scipy.__version__}, numpy {numpy.__version__}", flush=True)
    for line in sys.stdin:
        command, *rest = line.split()
        calls = int(rest[0]) if rest else 0
        start = time.process_time()
        if command == "single":
            for _ in range(calls):
                judge(experiments[next_pair], controls[next_pair])
                next_pair = (next_pair + 1) % len(controls)
        elif command == "vectorised":
            for _ in range(calls):
                judge(experiments, controls, axis=1)
        else:
            print(repr(float(judge(experiments[0], controls[0]))), flush=True)
            continue
        print(time.process_time() - start, flush=True)


main(sys.argv[1])
