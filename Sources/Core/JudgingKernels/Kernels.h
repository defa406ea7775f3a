// The kernels, written once over vectors of eight doubles. Each file that includes this one compiles them for another
// instruction set and names the table KERNELS; the compiler splits the vectors into what the processor has.
//
// Every operation is exact (comparing, counting, moving) or rounds once in an order that is fixed here, and products are
// never fused with sums, so that all instruction sets give the same bits.

#include <stddef.h>
#include <stdint.h>

#include "JudgingKernels.h"

#pragma STDC FP_CONTRACT OFF
// Functions that take vectors are always inlined: there is no call whose convention could differ.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

enum { lanes = 8 };
typedef double Doubles __attribute__((ext_vector_type(8)));
typedef double UnalignedDoubles __attribute__((ext_vector_type(8), aligned(8)));
typedef long Integers __attribute__((ext_vector_type(8)));
typedef long UnalignedIntegers __attribute__((ext_vector_type(8), aligned(8)));
typedef int UnalignedShortIntegers __attribute__((ext_vector_type(8), aligned(4)));
typedef int ShortIntegers __attribute__((ext_vector_type(8)));
typedef double Quad __attribute__((ext_vector_type(4)));
typedef double UnalignedQuad __attribute__((ext_vector_type(4), aligned(8)));
typedef double Pair __attribute__((ext_vector_type(2)));

INLINE Doubles load(const double *numbers) { return *(const UnalignedDoubles *)numbers; }
INLINE void store(double *numbers, Doubles vector) { *(UnalignedDoubles *)numbers = vector; }
INLINE Integers loadIntegers(const int64_t *numbers) { return *(const UnalignedIntegers *)numbers; }
INLINE void storeIntegers(int64_t *numbers, Integers vector) { *(UnalignedIntegers *)numbers = vector; }
INLINE Doubles all(double number) { return (Doubles)number; }
INLINE int64_t sum(Integers vector) {
    int64_t sum = 0;
    UNROLL for (int lane = 0; lane < lanes; lane++) sum += vector[lane];
    return sum;
}

// MARK: - Cleaning

static int64_t copyWithoutNaN(const double *values, int64_t count, double *copy) {
    int64_t kept = 0, i = 0;
    for (; i + lanes <= count; i += lanes) {
        Doubles vector = load(values + i);
        store(copy + kept, vector);
        if (sum(vector == vector) == -lanes) {
            kept += lanes;
            continue;
        }
        for (int64_t j = i; j < i + lanes; j++) {
            copy[kept] = values[j];
            kept += values[j] == values[j];
        }
    }
    for (; i < count; i++) {
        copy[kept] = values[i];
        kept += values[i] == values[i];
    }
    return kept;
}

static void copyReplacingNaN(const double *values, int64_t count, double *copy) {
    for (int64_t i = 0; i < count; i++) copy[i] = values[i] == values[i] ? values[i] : 0;
}

// MARK: - Moments

// The order of additions is part of the definition, so a lane is a series here, not a part of one.
static JudgingMomentsOfBoth moments(
    const double *first, int64_t firstCount, const double *second, int64_t secondCount) {
    int64_t shared = firstCount < secondCount ? firstCount : secondCount;
    const double *rest = firstCount < secondCount ? second : first;
    int64_t count = firstCount < secondCount ? secondCount : firstCount;
    int longer = firstCount < secondCount ? 1 : 0;
    Pair counts = {(double)firstCount, (double)secondCount};

    Pair sums = {0, 0};
    for (int64_t i = 0; i < shared; i++) sums += (Pair){first[i], second[i]};
    for (int64_t i = shared; i < count; i++) sums[longer] += rest[i];
    Pair rough = sums / counts;

    Pair corrections = {0, 0};
    for (int64_t i = 0; i < shared; i++) corrections += (Pair){first[i], second[i]} - rough;
    for (int64_t i = shared; i < count; i++) corrections[longer] += rest[i] - rough[longer];
    Pair means = rough + corrections / counts;

    Pair squares = {0, 0}, deviations = {0, 0};
    for (int64_t i = 0; i < shared; i++) {
        Pair deviation = (Pair){first[i], second[i]} - means;
        squares += deviation * deviation;
        deviations += deviation;
    }
    for (int64_t i = shared; i < count; i++) {
        double deviation = rest[i] - means[longer];
        squares[longer] += deviation * deviation;
        deviations[longer] += deviation;
    }
    return (JudgingMomentsOfBoth){
        .first = {means[0], squares[0], deviations[0]},
        .second = {means[1], squares[1], deviations[1]},
    };
}

// MARK: - Sorting

// K. E. Batcher, "Sorting Networks and their Applications", AFIPS 32 (1968): a bitonic sequence (rising, then falling) is
// sorted by exchanging what lies half its length apart, then doing the same to both halves.

// Puts the smaller of each lane into `low`.
INLINE void exchange(Doubles *low, Doubles *high) {
    Integers inOrder = *low < *high;
    Doubles smaller = inOrder ? *low : *high;
    *high = inOrder ? *high : *low;
    *low = smaller;
}

INLINE Doubles reversed(Doubles vector) { return __builtin_shufflevector(vector, vector, 7, 6, 5, 4, 3, 2, 1, 0); }

// Sorts a bitonic vector: exchanges at distances 4, 2 and 1.
INLINE Doubles sortedBitonic(Doubles vector) {
    Doubles low = vector, high = __builtin_shufflevector(vector, vector, 4, 5, 6, 7, 0, 1, 2, 3);
    exchange(&low, &high);
    vector = __builtin_shufflevector(low, high, 0, 1, 2, 3, 12, 13, 14, 15);
    low = vector, high = __builtin_shufflevector(vector, vector, 2, 3, 0, 1, 6, 7, 4, 5);
    exchange(&low, &high);
    vector = __builtin_shufflevector(low, high, 0, 1, 10, 11, 4, 5, 14, 15);
    low = vector, high = __builtin_shufflevector(vector, vector, 1, 0, 3, 2, 5, 4, 7, 6);
    exchange(&low, &high);
    return __builtin_shufflevector(low, high, 0, 9, 2, 11, 4, 13, 6, 15);
}

// Merges two ascending runs of `half` vectors each, which lie behind one another.
INLINE void mergeRuns(Doubles *run, int half) {
    Doubles falling[4];
    UNROLL for (int i = 0; i < half; i++) falling[i] = reversed(run[2 * half - 1 - i]);
    UNROLL for (int i = 0; i < half; i++) {
        exchange(&run[i], &falling[i]);
        run[half + i] = falling[i];
    }
    UNROLL for (int distance = half / 2; distance > 0; distance /= 2) {
        UNROLL for (int i = 0; i < 2 * half; i++) {
            if ((i & distance) == 0) exchange(&run[i], &run[i + distance]);
        }
    }
    UNROLL for (int i = 0; i < 2 * half; i++) run[i] = sortedBitonic(run[i]);
}

// Sorts each lane over eight vectors: the network of 19 exchanges for eight numbers (D. E. Knuth, "The Art of Computer
// Programming" volume 3, section 5.3.4).
INLINE void sortLanes(Doubles vectors[8]) {
    static const unsigned char exchanges[19][2] = {
        {0, 2}, {1, 3}, {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}, {0, 1}, {2, 3},
        {4, 5}, {6, 7}, {2, 4}, {3, 5}, {1, 4}, {3, 6}, {1, 2}, {3, 4}, {5, 6},
    };
    UNROLL for (int i = 0; i < 19; i++) exchange(&vectors[exchanges[i][0]], &vectors[exchanges[i][1]]);
}

// Rows become columns: blocks of one, two and four lanes change places.
INLINE void transpose(Doubles rows[8]) {
    Doubles ones[8], twos[8];
    UNROLL for (int i = 0; i < 8; i += 2) {
        ones[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        ones[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    UNROLL for (int i = 0; i < 8; i++) {
        if ((i & 2) != 0) continue;
        twos[i] = __builtin_shufflevector(ones[i], ones[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        twos[i + 2] = __builtin_shufflevector(ones[i], ones[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    UNROLL for (int i = 0; i < 4; i++) {
        rows[i] = __builtin_shufflevector(twos[i], twos[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        rows[i + 4] = __builtin_shufflevector(twos[i], twos[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

// Eight runs of eight, then four of 16, two of 32, one of 64, all in registers.
static void sortBlock(double block[64]) {
    Doubles run[8];
    UNROLL for (int i = 0; i < 8; i++) run[i] = load(block + lanes * i);
    sortLanes(run);
    transpose(run);
    UNROLL for (int i = 0; i < 8; i += 2) mergeRuns(run + i, 1);
    UNROLL for (int i = 0; i < 8; i += 4) mergeRuns(run + i, 2);
    mergeRuns(run, 4);
    UNROLL for (int i = 0; i < 8; i++) store(block + lanes * i, run[i]);
}

// Merges two ascending runs, each a whole number of steps long. Each time the lower half of two steps is done, and the upper
// half meets the next step of the run that goes on with the smaller number.
static void merge(const double *left, const double *leftEnd, const double *right, const double *rightEnd, double *merged) {
    enum { vectors = 2, step = vectors * lanes };
    Doubles run[2 * vectors];
    UNROLL for (int i = 0; i < vectors; i++) {
        run[i] = load(left + i * lanes);
        run[vectors + i] = load(right + i * lanes);
    }
    left += step;
    right += step;
    for (;;) {
        mergeRuns(run, vectors);
        UNROLL for (int i = 0; i < vectors; i++) store(merged + i * lanes, run[i]);
        merged += step;
        UNROLL for (int i = 0; i < vectors; i++) run[i] = run[vectors + i];
        int hasLeft = left < leftEnd, hasRight = right < rightEnd;
        if (!hasLeft && !hasRight) break;
        // Selected, not branched on: which run goes on cannot be foreseen.
        int goesLeft = !hasRight || (hasLeft && *left <= *right);
        const double *next = goesLeft ? left : right;
        left += goesLeft ? step : 0;
        right += goesLeft ? 0 : step;
        UNROLL for (int i = 0; i < vectors; i++) run[vectors + i] = load(next + i * lanes);
    }
    UNROLL for (int i = 0; i < vectors; i++) store(merged + i * lanes, run[i]);
}

static void sort(double *values, double *scratch, int64_t count) {
    int64_t padded = (count + 63) / 64 * 64;
    for (int64_t i = count; i < padded + JudgingKernelsPadding; i++) values[i] = __builtin_inf();
    for (int64_t block = 0; block < padded; block += 64) sortBlock(values + block);

    double *from = values, *to = scratch;
    for (int64_t run = 64; run < padded; run *= 2) {
        for (int64_t start = 0; start < padded; start += 2 * run) {
            int64_t middle = start + run < padded ? start + run : padded;
            int64_t end = start + 2 * run < padded ? start + 2 * run : padded;
            if (middle < end) {
                merge(from + start, from + middle, from + middle, from + end, to + start);
            } else {
                __builtin_memcpy(to + start, from + start, (size_t)(end - start) * sizeof(double));
            }
        }
        double *merged = to;
        to = from;
        from = merged;
    }
    if (from != values) __builtin_memcpy(values, from, (size_t)padded * sizeof(double));
}

static JudgingGaps gaps(const double *sorted, int64_t count) {
    Doubles smallest = all(__builtin_inf());
    Integers ties = {0};
    int64_t i = 0;
    for (; i + lanes < count; i += lanes) {
        Doubles gap = load(sorted + i + 1) - load(sorted + i);
        Doubles open = gap > 0 ? gap : all(__builtin_inf());
        smallest = open < smallest ? open : smallest;
        ties |= load(sorted + i + 1) == load(sorted + i);
    }
    JudgingGaps result = {__builtin_inf(), 0};
    UNROLL for (int lane = 0; lane < lanes; lane++) {
        result.smallest = smallest[lane] < result.smallest ? smallest[lane] : result.smallest;
        result.hasTies |= ties[lane];
    }
    for (; i + 1 < count; i++) {
        double gap = sorted[i + 1] - sorted[i];
        if (sorted[i + 1] == sorted[i]) result.hasTies = 1;
        else if (gap < result.smallest) result.smallest = gap;
    }
    return result;
}

// MARK: - Ranks

// How many y lie below a number, or up to four fewer: found by halving, without branches that could not be foreseen.
INLINE int64_t nearRank(const double *y, int64_t count, double number) {
    const double *start = y;
    while (count > 4) {
        int64_t half = (count + 1) / 2;
        start += __builtin_unpredictable(start[half - 1] < number) ? half : 0;
        count -= half;
    }
    return start - y;
}

// Ranks eight neighbours of x. They rank no lower than `start`; y is counted sixteen at a time, until the largest x does not
// pass the last of them. Infinity behind y stops it. Returns the rank of the last x.
INLINE int64_t rankVector(const double *x, double shift, const double *y, int64_t yCount, int64_t start, int32_t *below) {
    Doubles shifted = load(x) - all(shift);
    double largest = shifted[lanes - 1];
    Integers even = {0}, odd = {0};
    const double *next = y + start;
    do {
        UNROLL for (int k = 0; k < 2 * lanes; k += 2) {
            even -= all(next[k]) < shifted;
            odd -= all(next[k + 1]) < shifted;
        }
        next += 2 * lanes;
    } while (next < y + yCount && next[-1] < largest);
    Integers count = even + odd + start;
    *(UnalignedShortIntegers *)below = __builtin_convertvector(count, ShortIntegers);
    // The last vector's x beyond the end are infinite and have counted what lies behind y.
    return count[lanes - 1] < yCount ? count[lanes - 1] : yCount;
}

// Each vector starts where its predecessor ended, so that one waits for the other. Four parts of x are ranked in turns:
// while one part waits, the processor works on the others.
static JudgingCounts ranks(
    const double *x, int64_t xCount, double shift, const double *y, int64_t yCount, int32_t *below) {
    enum { parts = 4 };
    int64_t vectors = (xCount + lanes - 1) / lanes;
    int64_t length = (vectors + parts - 1) / parts;
    int64_t start[parts] = {0};
    for (int part = 1; part < parts; part++) {
        int64_t first = part * length * lanes;
        if (first < xCount) start[part] = nearRank(y, yCount, x[first] - shift);
    }
    for (int64_t i = 0; i < length; i++) {
        UNROLL for (int part = 0; part < parts; part++) {
            int64_t at = (part * length + i) * lanes;
            if (at < xCount) start[part] = rankVector(x + at, shift, y, yCount, start[part], below + at);
        }
    }
    JudgingCounts counts = {0, 0};
    for (int64_t i = 0; i < xCount; i++) {
        counts.below += below[i];
        counts.ties += y[below[i]] == x[i] - shift;
    }
    return counts;
}

// MARK: - Listed pairs

static int64_t list(
    const double *restrict x, const int64_t *restrict xWeights, int64_t xCount, const double *restrict y,
    const int64_t *restrict yWeights, const int32_t *restrict from, const int32_t *restrict to, double tiedShift,
    double *restrict listedX, double *restrict listedY, int64_t *restrict weights) {
    int64_t count = 0;
    for (int64_t i = 0; i < xCount; i++) {
        int64_t start = from[i];
        int64_t length = to[i] - start + (y[to[i]] == x[i] - tiedShift);
        // Four pairs are written at least, also where there are fewer: the next ones overwrite what was too much.
        *(UnalignedQuad *)(listedX + count) = (Quad)x[i];
        *(UnalignedQuad *)(listedY + count) = *(const UnalignedQuad *)(y + start);
        for (int64_t j = 4; j < length; j += 4) {
            *(UnalignedQuad *)(listedX + count + j) = (Quad)x[i];
            *(UnalignedQuad *)(listedY + count + j) = *(const UnalignedQuad *)(y + start + j);
        }
        if (weights) {
            for (int64_t j = 0; j < length; j++) weights[count + j] = yWeights[start + j] * xWeights[i];
        }
        count += length;
    }
    store(listedX + count, all(-__builtin_inf()));
    store(listedY + count, all(__builtin_inf()));
    if (weights) storeIntegers(weights + count, (Integers){0});
    return count;
}

static JudgingCounts count(
    const double *listedX, const double *listedY, const int64_t *weights, int64_t count, double shift) {
    Integers below = {0}, ties = {0};
    for (int64_t i = 0; i < count; i += lanes) {
        Doubles shifted = load(listedX + i) - all(shift);
        Doubles other = load(listedY + i);
        if (weights) {
            Integers weight = loadIntegers(weights + i);
            below += (other < shifted) & weight;
            ties += (other == shifted) & weight;
        } else {
            below -= other < shifted;
            ties -= other == shifted;
        }
    }
    return (JudgingCounts){sum(below), sum(ties)};
}

const JudgingKernels KERNELS = {
    .copyWithoutNaN = copyWithoutNaN,
    .copyReplacingNaN = copyReplacingNaN,
    .moments = moments,
    .sort = sort,
    .gaps = gaps,
    .ranks = ranks,
    .list = list,
    .count = count,
};
