#ifndef CPROCESS_H
#define CPROCESS_H

/// What this process asks of the system and Swift cannot: functions with variable arguments, and handlers of signals,
/// in which only C's own functions may be called.

/// Whether the memory of this process may be dumped, and looked at by debuggers of the same user. 0 or 1; returns 0, or -1.
int CProcess_set_dumpable(int dumpable);

/// 0, 1 or 2, or -1.
int CProcess_get_dumpable(void);

/// The soft limit of core files in bytes: 0, or -1 for as much as the hard limit allows. Returns 0, or -1.
int CProcess_limit_core_files(int none);

/// Signals that say that a program is broken end the process also when another process sends them.
///
/// Swift's runtime handles them to print where a program broke. Of one that was sent it prints the same, and then the process
/// goes on, since there is nothing that breaks again.
void CProcess_obey_sent_signals(void);

#endif
