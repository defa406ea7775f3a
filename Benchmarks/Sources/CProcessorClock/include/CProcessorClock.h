#ifndef CPROCESSORCLOCK_H
#define CPROCESSORCLOCK_H

/// Lets at least so many cycles of the processor's clock pass, and hardly more: runs that many additions, each of which
/// waits for its predecessor. `cycles` is a multiple of CProcessorClock_step.
void CProcessorClock_pass(unsigned long cycles);

enum { CProcessorClock_step = 100 };

#endif
