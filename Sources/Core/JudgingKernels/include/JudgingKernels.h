#ifndef JUDGING_KERNELS_H
#define JUDGING_KERNELS_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// The instruction sets that the kernels are compiled for.
typedef enum JudgingInstructionSet {
    JudgingInstructionSetBaseline,
    JudgingInstructionSetAVX2,
    JudgingInstructionSetAVX512,
    JudgingInstructionSetNEON,
} JudgingInstructionSet;

/// The kernels write and read whole vectors: arrays have room for this many numbers beyond `count` rounded up to a
/// multiple of it.
enum { JudgingKernelsPadding = 64 };

/// Mean and the sums of deviations of one series.
typedef struct JudgingMoments {
    double mean;
    /// Σ(x - mean)².
    double squares;
    /// Σ(x - mean): what rounding left.
    double deviations;
} JudgingMoments;

typedef struct JudgingMomentsOfBoth {
    JudgingMoments first;
    JudgingMoments second;
} JudgingMomentsOfBoth;

/// How shifted numbers lie against others, counted in pairs of one of each.
typedef struct JudgingCounts {
    /// Pairs (i, j) with y[j] < x[i] - shift.
    int64_t below;
    /// Pairs with y[j] = x[i] - shift.
    int64_t ties;
} JudgingCounts;

/// What the neighbours in ascending numbers have between them.
typedef struct JudgingGaps {
    /// The smallest difference of neighbours that are not equal; infinite when there are none.
    double smallest;
    /// Whether some neighbours are equal.
    int64_t hasTies;
} JudgingGaps;

/// One implementation of every kernel. All give the same bits. Nothing is kept between calls, nothing allocated.
typedef struct JudgingKernels {
    /// Copies the numbers that are not NaN, in order, and returns how many.
    int64_t (*copyWithoutNaN)(const double *values, int64_t count, double *copy);

    /// Copies the numbers, 0 in the place of NaN.
    void (*copyReplacingNaN)(const double *values, int64_t count, double *copy);

    /// Mean and deviations of two series at once, each summed in its own order.
    JudgingMomentsOfBoth (*moments)(
        const double *first, int64_t firstCount, const double *second, int64_t secondCount);

    /// Sorts numbers free of NaN. Behind them the array is filled with infinity for the other kernels.
    /// Of zeros of both signs the number remains, but not the signs: they are equal.
    void (*sort)(double *values, double *scratch, int64_t count);

    /// Looks at the neighbours in sorted numbers.
    JudgingGaps (*gaps)(const double *sorted, int64_t count);

    /// For every x its rank among y once shifted: below[i] = #{j: y[j] < x[i] - shift}. Both ascend, y without ties.
    JudgingCounts (*ranks)(
        const double *x, int64_t xCount, double shift, const double *y, int64_t yCount, int32_t *below);

    /// Lists the pairs (x[i], y[j]) with from[i] <= j < to[i], and with j = to[i] where y[j] = x[i] - tiedShift, and their
    /// weights when `weights` is not NULL. Returns how many. Writes up to eight pairs past the last, which count nothing.
    int64_t (*list)(
        const double *x, const int64_t *_Nullable xWeights, int64_t xCount, const double *y, const int64_t *_Nullable yWeights,
        const int32_t *from, const int32_t *to, double tiedShift, double *listedX, double *listedY, int64_t *_Nullable weights);

    /// Counts among listed pairs, each as often as its weight says; without weights, once.
    JudgingCounts (*count)(
        const double *listedX, const double *listedY, const int64_t *_Nullable weights, int64_t count, double shift);
} JudgingKernels;

/// The kernels for an instruction set; NULL where this processor does not have it.
const JudgingKernels *_Nullable JudgingKernelsFor(JudgingInstructionSet set);

#pragma clang assume_nonnull end

#endif
