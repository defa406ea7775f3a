#include "CProcessorClock.h"

// Of two registers: adding a constant, some processors do while they rename registers, which takes no cycle.
#if defined(__x86_64__)
#define ADD "addq %1, %0\n\t"
#elif defined(__aarch64__)
#define ADD "add %0, %0, %1\n\t"
#else
#error "no additions for this architecture"
#endif
#define TEN_ADDITIONS ADD ADD ADD ADD ADD ADD ADD ADD ADD ADD

// Counting the steps does not wait for the additions and disappears behind them.
void CProcessorClock_pass(unsigned long cycles) {
    unsigned long sum = 0, summand = cycles;
    for (unsigned long step = 0; step < cycles / CProcessorClock_step; step++) {
        __asm__ volatile(
            TEN_ADDITIONS TEN_ADDITIONS TEN_ADDITIONS TEN_ADDITIONS TEN_ADDITIONS
            TEN_ADDITIONS TEN_ADDITIONS TEN_ADDITIONS TEN_ADDITIONS TEN_ADDITIONS
            : "+r"(sum)
            : "r"(summand)
            : "cc");
    }
}
